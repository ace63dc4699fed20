// The functions that JSX becomes calls of. A name of a package that is no module is looked up in it at every use,
// which costs the bundle more than these three lines; the bundling step puts them in the package's place.

import { Fragment as fragment, jsx as element, jsxs as elements } from "react/jsx-runtime";

export const jsx = element;
export const jsxs = elements;
export const Fragment = fragment;
