import {
  readDeletionProtection,
  readPreviewConflicts,
  readSettings,
  type StackConfig,
  settingNames,
} from "../../config/settings.ts";
import type { Values } from "../../definitions/definition.ts";
import { unknown } from "../../definitions/want.ts";
import { isScalekitError } from "../../errors.ts";
import type { CheckFailure } from "../../lifecycle/check.ts";

/** The settings of one provider. SDKs send what is no text as JSON. */
export const settingsOf = (values: Values): StackConfig => ({
  get(key) {
    const value = values[key.replace(/^scalekit:/, "")];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  },
});

/** What is wrong with the settings of a provider. A setting that a preview does not know yet is not checked. */
export function problemsWithSettings(values: Values): CheckFailure[] {
  const strange = Object.keys(values).filter((name) => !settingNames.includes(name) && !sentByEngine.includes(name));
  const failures = strange.map((property) => ({
    property,
    reason: `is not a setting of the Scalekit provider, which has ${settingNames.join(", ")}.`,
  }));
  if (failures.length > 0 || Object.values(values).includes(unknown)) return failures;
  try {
    readSettings(settingsOf(values));
    readDeletionProtection(settingsOf(values));
    readPreviewConflicts(settingsOf(values));
    return [];
  } catch (error) {
    if (!isScalekitError(error)) throw error;
    return [{ property: "", reason: error.message }];
  }
}

/** What the engine and SDKs add to a provider's settings. */
const sentByEngine = ["version", "pluginDownloadURL"];
