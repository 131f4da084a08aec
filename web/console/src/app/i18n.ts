// Chinese first, English second; the second language is loaded when it is chosen.
import type { Language } from "element-plus/es/locale";
import elementChinese from "element-plus/es/locale/lang/zh-cn";
import { shallowRef } from "vue";
import { createI18n } from "vue-i18n";
import chinese from "@/messages/zh-CN";

export type Locale = "zh-CN" | "en";
const kLocaleKey = "karez.locale";

export const i18n = createI18n({
  legacy: false,
  locale: "zh-CN",
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": chinese } as Record<string, typeof chinese>,
});

export const elementLocale = shallowRef<Language>(elementChinese);

export async function setLocale(locale: Locale): Promise<void> {
  if (locale === "en") {
    const [messages, element] = await Promise.all([
      import("@/messages/en"),
      import("element-plus/es/locale/lang/en"),
    ]);
    i18n.global.setLocaleMessage("en", messages.default);
    elementLocale.value = element.default;
  } else {
    elementLocale.value = elementChinese;
  }
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
  localStorage.setItem(kLocaleKey, locale);
}

export function storedLocale(): Locale {
  return localStorage.getItem(kLocaleKey) === "en" ? "en" : "zh-CN";
}
