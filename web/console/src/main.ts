import "@/theme/element.css";
import "@/theme/base.css";
import "@/theme/print.css";
import { createApp } from "vue";
import App from "./App.vue";
import { i18n, setLocale, storedLocale } from "./app/i18n";
import { router } from "./app/router";
import "./app/density";

await setLocale(storedLocale());
createApp(App).use(i18n).use(router).mount("#app");
