// How close the rows of tables stand: a choice of the person at this browser.
import { ref, watchEffect } from "vue";

const kDensityKey = "karez.density";
export const roomy = ref(localStorage.getItem(kDensityKey) === "roomy");

watchEffect(() => {
  document.documentElement.dataset.density = roomy.value ? "roomy" : "dense";
  localStorage.setItem(kDensityKey, roomy.value ? "roomy" : "dense");
});
