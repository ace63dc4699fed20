import "./service-message.css";

interface ServiceMessageProps {
  readonly rowKey: string;
  readonly text: string;
}

/** A line of the thread that is no message: who created, renamed, invited. */
export function ServiceMessage({ rowKey, text }: ServiceMessageProps) {
  return (
    <li className="service-message" data-key={rowKey} data-testid="service">
      <span className="service-message__text">{text}</span>
    </li>
  );
}
