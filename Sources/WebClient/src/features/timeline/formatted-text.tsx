import type { ReactNode } from "react";
import { marks } from "../../model/formatting";
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

const tags = { bold: "strong", italic: "em", strike: "s" } as const;

function element(part: Part, key: number): ReactNode {
  if (typeof part === "string") return part;
  const className = `formatted-text__${part.kind}`;
  switch (part.kind) {
    case "bold":
    case "italic":
    case "strike": {
      const Tag = tags[part.kind];
      return <Tag key={key} className={className} data-mark={marks[part.kind]}>{part.parts.map(element)}</Tag>;
    }
    case "spoiler":
      return <Spoiler key={key}>{part.parts.map(element)}</Spoiler>;
    case "quote":
      return <blockquote key={key} className={className}>{part.parts.map(element)}</blockquote>;
    case "code":
      return <code key={key} className={className} data-mark="`">{part.text}</code>;
    case "block":
      return <pre key={key} className={className} data-language={part.language} dir="ltr">{part.text}</pre>;
    case "link": {
      const title = part.text === part.href ? undefined : part.href;
      return (
        <a key={key} className={className} href={part.href} title={title} target="_blank" rel="noopener noreferrer">
          {part.text}
        </a>
      );
    }
  }
}
