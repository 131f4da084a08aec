// Values on screen, in the person's language and the utility's zone.
import { formatFen, formatM3, formatPrice, formatTime, type Precision } from "@karez/shared";
import { useI18n } from "vue-i18n";
import { currentBranches, zone } from "@/app/session";

export function useFormat() {
  const { t, te } = useI18n();
  return {
    fen: formatFen,
    m3: formatM3,
    price: formatPrice,
    time: (value: string | undefined, precision?: Precision) =>
      formatTime(value, zone.value, precision),
    // A word of the API ("cash", "STATE_OPEN") in the person's language; itself when there is none.
    word: (group: string, value: string) =>
      value && te(`${group}.${value}`) ? t(`${group}.${value}`) : value,
    branch: (id: string) => currentBranches.value.find((branch) => branch.branchId === id)?.name ?? id,
  };
}
