/* The scripts of every screen, in order. None of them knows a word of the trade. */

import { startClock } from "./clock.js";
import { startComboboxes } from "./combobox.js";
import { startDiscretion } from "./discretion.js";
import { startDrafts } from "./drafts.js";
import { startKeeping } from "./keep.js";
import { startKeys } from "./keys.js";
import { startLists } from "./lists.js";
import { startLock } from "./lock.js";
import { startNotices } from "./notices.js";
import { startPulse } from "./pulse.js";
import { startRequests } from "./requests.js";
import { startSheets } from "./sheets.js";

startKeeping();
startNotices();
startRequests();
startDiscretion();
startLock();
startDrafts();
startComboboxes();
startKeys();
startLists();
startSheets();
startPulse();
startClock();
