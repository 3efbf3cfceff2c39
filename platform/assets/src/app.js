// The script of every page (the planning matrix brings its own, grid.js). Every page works without it; with it, pages answer in place and nothing typed is lost.
import "./htmx.js";
import "./drafts.js";
import "./uploads.js";
import "./menu.js";
import "./forms.js";
import "./entries.js";
import "./areas.js";
import "./signin.js";
