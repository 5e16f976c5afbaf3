/* The agenda screen: the grid, its keys, the month picker. Its sheets: sheets.js. */

import { startGrid } from "./grid.js";
import { startMonth } from "./month.js";

startMonth();
startGrid();
