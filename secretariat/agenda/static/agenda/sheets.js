/* The agenda's sheets, which open beside any screen. */

import { startPlacing } from "./placing.js";

startPlacing();
