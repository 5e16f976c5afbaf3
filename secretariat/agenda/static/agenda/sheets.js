/* The agenda's sheets, which open beside any screen. */

import { startFinding } from "./finding.js";
import { startHolding } from "./holding.js";
import { startPlacing } from "./placing.js";

startFinding();
startHolding();
startPlacing();
