import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";
import { classes } from "./classes";
import "./text-field.css";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind?: "text" | "tel" | "code" | "password";
  readonly lengthMax?: number;
  /** What is wrong with the value; shown in red instead of the note. */
  readonly error?: string | null;
  readonly note?: string;
  readonly hasFocus?: boolean;
  readonly autoComplete?: string;
  /** A button at the end of the field. */
  readonly end?: ReactNode;
}

/** An outlined field with a floating label, and a line for a note or an error under it. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, kind = "text", lengthMax, error = null, note } = props;
  const id = useId();
  const isWrong = error !== null && error !== "";
  const field = useRef<HTMLInputElement>(null);
  // Where something is wrong, there one writes next. The focus is the document's.
  useEffect(() => {
    if (isWrong) field.current?.focus();
  }, [isWrong]);
  const hasNote = isWrong || note !== undefined;
  return (
    <div className={classes("text-field", isWrong && "text-field--wrong", props.end !== undefined && "text-field--ended")}>
      <input
        id={id}
        className="text-field__input"
        type={kind === "code" ? "text" : kind}
        inputMode={kind === "code" ? "numeric" : kind === "password" ? "text" : kind}
        value={value}
        placeholder=" "
        maxLength={lengthMax}
        ref={field}
        data-first={props.hasFocus}
        autoFocus={props.hasFocus === true}
        autoComplete={props.autoComplete ?? "off"}
        spellCheck={false}
        aria-invalid={isWrong}
        aria-describedby={hasNote ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <label className="text-field__label" htmlFor={id}>
        {label}
      </label>
      {props.end !== undefined && <span className="text-field__end">{props.end}</span>}
      {hasNote && (
        <span className="text-field__note" id={`${id}-note`} role={isWrong ? "alert" : undefined}>
          {isWrong ? error : note}
        </span>
      )}
    </div>
  );
}
