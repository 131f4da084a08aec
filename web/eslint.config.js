import globals from "globals";
import vue from "eslint-plugin-vue";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["**/dist/", "**/test-results/", "shared/src/api/schema.d.ts"] },
  ...typescript.configs.recommended,
  ...vue.configs["flat/recommended"],
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { parser: typescript.parser },
    },
    rules: {
      "no-console": "error",
      "no-eval": "error",
      eqeqeq: "error",
      "vue/no-v-html": "error",
      "vue/no-static-inline-styles": "error",
      // Layout of the text is not a matter of these rules.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/first-attribute-linebreak": "off",
      // Absent is undefined; TypeScript says so.
      "vue/require-default-prop": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["shared/scripts/**"], rules: { "no-console": "off" } },
);
