/* The agenda screen: the grid, its keys, the month picker, the booking sheets. */

import { startGrid } from "./grid.js";
import { startMonth } from "./month.js";
import { startPlacing } from "./placing.js";

startPlacing();
startMonth();
startGrid();
