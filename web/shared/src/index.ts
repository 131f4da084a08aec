export * from "./api/client";
export * from "./api/problem";
export type * from "./api/types";
export * from "./format/capitals";
export * from "./format/money";
export * from "./format/time";
export * from "./format/volume";
export * from "./uuid";
