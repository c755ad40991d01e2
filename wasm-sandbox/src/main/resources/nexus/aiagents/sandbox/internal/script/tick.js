import { tick } from "nexus:prelude";
tick();
