import admin from "./admin.json";
import billing from "./billing.json";
import common from "./common.json";
import desk from "./desk.json";
import metering from "./metering.json";
import problem from "./problem.json";

export default { ...admin, ...billing, ...common, ...desk, ...metering, ...problem };
