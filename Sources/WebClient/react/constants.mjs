// What the page uses of React, as constants. React's packages are no modules: a name of them is looked up in its
// package at every use, which costs the bundle more than this file. The tsconfig.json above puts it in their place;
// the one beside it does not, so that they are found here.

import react from "react";
import runtime from "react/jsx-runtime";

export const {
  createContext, forwardRef, memo, useCallback, useContext, useEffect, useId, useImperativeHandle, useLayoutEffect,
  useMemo, useReducer, useRef, useState, useSyncExternalStore,
} = react;
export const { Fragment, jsx, jsxs } = runtime;
