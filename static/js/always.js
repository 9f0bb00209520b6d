/** What every page has, whether or not its own script comes: Help, and leaving at once. */
import { installHelp } from "./help_button.js";
import { installLeave } from "./leave.js";

installLeave();
installHelp(document.getElementById("help-link"));
