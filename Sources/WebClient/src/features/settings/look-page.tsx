import { useState } from "react";
import type { ReactNode } from "react";
import { number, text } from "../../text/text";
import { choose, textSizes, usePreferences, wallpapers } from "../../ui/preferences";
import { RadioRow } from "../../ui/radio-row";
import { readTheme, saveTheme } from "../../ui/theme";
import type { ThemeChoice } from "../../ui/theme";
import "./look-page.css";

interface Choice<Value> {
  readonly value: Value;
  readonly title: string;
}

const wallpaperTitles = {
  meadow: "settings.wallpaperMeadow",
  sky: "settings.wallpaperSky",
  dusk: "settings.wallpaperDusk",
  plain: "settings.wallpaperPlain",
} as const;

/** Theme, size of the text, wallpaper, hours, keys and motion: all of it kept by this browser. */
export function LookPage() {
  const { textSize, sendKey, hasMotion, hourCycle, wallpaper } = usePreferences();
  const [theme, setTheme] = useState<ThemeChoice>(readTheme);
  const themes: readonly Choice<ThemeChoice>[] = [
    { value: "light", title: text("settings.themeLight") },
    { value: "dark", title: text("settings.themeDark") },
    { value: "system", title: text("settings.themeSystem") },
  ];
  return (
    <div className="look-page">
      <label className="look-page__slider">
        <span className="look-page__line">
          {text("settings.textSize")}
          <span className="look-page__value">{number(textSize)}</span>
        </span>
        <input
          type="range"
          min={textSizes[0]}
          max={textSizes[textSizes.length - 1]}
          value={textSize}
          onChange={(event) => choose({ textSize: Number(event.currentTarget.value) })}
        />
        <span className="look-page__sample">{text("settings.textSample")}</span>
      </label>
      {choices("theme", text("settings.theme"), themes, theme, (value) => {
        setTheme(value);
        saveTheme(value);
      })}
      {choices(
        "wallpaper",
        text("settings.wallpaper"),
        wallpapers.map((value) => ({ value, title: text(wallpaperTitles[value]) })),
        wallpaper,
        (value) => choose({ wallpaper: value }),
      )}
      {choices(
        "hours",
        text("settings.hours"),
        [
          { value: "h23" as const, title: text("settings.hours24") },
          { value: "h12" as const, title: text("settings.hours12") },
        ],
        hourCycle,
        (value) => choose({ hourCycle: value }),
      )}
      {choices(
        "send",
        text("settings.sendKey"),
        [
          { value: "enter" as const, title: text("settings.sendEnter") },
          { value: "ctrlEnter" as const, title: text("settings.sendCtrlEnter") },
        ],
        sendKey,
        (value) => choose({ sendKey: value }),
      )}
      {choices(
        "motion",
        text("settings.motion"),
        [
          { value: true, title: text("settings.on") },
          { value: false, title: text("settings.off") },
        ],
        hasMotion,
        (value) => choose({ hasMotion: value }),
      )}
    </div>
  );
}

function choices<Value extends string | boolean>(
  group: string,
  title: string,
  options: readonly Choice<Value>[],
  chosen: Value,
  onChoose: (value: Value) => void,
): ReactNode {
  return (
    <fieldset className="radio-row__group">
      <legend className="radio-row__legend">{title}</legend>
      {options.map((option) => (
        <RadioRow
          key={String(option.value)}
          group={group}
          label={option.title}
          isChosen={option.value === chosen}
          onChoose={() => onChoose(option.value)}
        />
      ))}
    </fieldset>
  );
}
