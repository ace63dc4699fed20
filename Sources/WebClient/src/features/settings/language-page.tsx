import { chooseLanguage, chosenLanguage, offeredLanguages, text } from "../../text/text";
import { RadioRow } from "../../ui/radio-row";

/** The language of the page. Every text is made anew, so the page loads again. */
export function LanguagePage() {
  const options = [
    { code: "", name: text("settings.languageBrowser") },
    ...offeredLanguages(),
  ];
  return (
    <fieldset className="radio-row__group" aria-label={text("settings.language")}>
      {options.map(({ code, name }) => (
        <RadioRow
          key={code}
          group="language"
          label={name}
          isChosen={chosenLanguage() === code}
          onChoose={() => {
            chooseLanguage(code);
            location.reload();
          }}
        />
      ))}
    </fieldset>
  );
}
