import { text } from "../text/text";
import "./key-list.css";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const command = isMac ? "⌘" : "Ctrl";

/** Every key that the page knows, and what it does. */
export function KeyList() {
  const keys = [
    { keys: [command, "K"], what: text("keys.palette") },
    { keys: [command, "Shift", "F"], what: text("keys.search") },
    { keys: [command, "F"], what: text("keys.find") },
    { keys: ["Alt", "↑"], what: text("keys.previous") },
    { keys: ["Alt", "↓"], what: text("keys.next") },
    { keys: [command, "1…9"], what: text("keys.nth") },
    { keys: ["Enter"], what: text("keys.send") },
    { keys: ["Shift", "Enter"], what: text("keys.newline") },
    { keys: [command, "B"], what: text("composer.bold") },
    { keys: [command, "I"], what: text("composer.italic") },
    { keys: [command, "Shift", "X"], what: text("composer.strike") },
    { keys: [command, "Shift", "M"], what: text("composer.code") },
    { keys: [command, "Shift", "P"], what: text("composer.spoiler") },
    { keys: ["↑"], what: text("keys.edit") },
    { keys: [command, "↑"], what: text("keys.replyUp") },
    { keys: [command, "↓"], what: text("keys.replyDown") },
    { keys: [text("keys.anyLetter")], what: text("keys.write") },
    { keys: ["Esc"], what: text("keys.out") },
    { keys: ["?"], what: text("keys.help") },
  ];
  return (
    <dl className="key-list" tabIndex={0}>
      {keys.map((item) => (
        <div className="key-list__row" key={item.what}>
          <dt className="key-list__keys">
            {item.keys.map((key) => (
              <kbd className="key-list__key" key={key}>
                {key}
              </kbd>
            ))}
          </dt>
          <dd className="key-list__what">{item.what}</dd>
        </div>
      ))}
    </dl>
  );
}
