import { start } from "nexus:prelude";
import * as program from "nexus:program";
start(program);
