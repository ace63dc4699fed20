import "./emoji-message.css";

interface EmojiMessageProps {
  readonly text: string;
  /** How many they are: the fewer, the larger. */
  readonly count: 1 | 2 | 3;
}

/** A message of a few emoji and nothing else. */
export function EmojiMessage({ text, count }: EmojiMessageProps) {
  return (
    <span className={`emoji-message emoji-message--${count}`} data-testid="text">
      {text}
    </span>
  );
}
