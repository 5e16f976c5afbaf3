/* The agenda's sheets, which open beside any screen. */

import { startFinding } from "./finding.js";
import { startHolding } from "./holding.js";
import { startPlacing } from "./placing.js";
import { startTogether } from "./together.js";

startFinding();
startHolding();
startPlacing();
startTogether();
