import type { ReactNode } from "react";
import type { Part } from "../../model/formatting";
import { Spoiler } from "./spoiler";
import "./formatted-text.css";

interface FormattedTextProps {
  readonly parts: readonly Part[];
}

/** A text whose marks have become elements; each says by its data which mark it was, for whoever copies it. */
export function FormattedText({ parts }: FormattedTextProps) {
  return <>{parts.map(element)}</>;
}

function element(part: Part, key: number): ReactNode {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "bold":
      return <strong key={key} className="formatted-text__bold" data-mark="**">{part.parts.map(element)}</strong>;
    case "italic":
      return <em key={key} data-mark="__">{part.parts.map(element)}</em>;
    case "strike":
      return <s key={key} data-mark="~~">{part.parts.map(element)}</s>;
    case "spoiler":
      return <Spoiler key={key}>{part.parts.map(element)}</Spoiler>;
    case "quote":
      return <blockquote key={key} className="formatted-text__quote">{part.parts.map(element)}</blockquote>;
    case "code":
      return <code key={key} className="formatted-text__code" data-mark="`">{part.text}</code>;
    case "block":
      return (
        <pre key={key} className="formatted-text__block" data-language={part.language} dir="ltr">{part.text}</pre>
      );
    case "link":
      return (
        <a
          key={key}
          className="formatted-text__link"
          href={part.href}
          title={part.text === part.href ? undefined : part.href}
          target="_blank"
          rel="noopener noreferrer"
        >
          {part.text}
        </a>
      );
  }
}
