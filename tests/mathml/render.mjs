// A list of LaTeX lines on standard input, an object from each to its MathML on standard output.
import { readFileSync } from "node:fs";

const { default: temml } = await import(process.argv[2]);
const needless = / (?:class="[^"]*"|style="[^"]*"|stretchy="false"|fence="true"|separator="true"|form="(?:prefix|postfix)")/g;
const made = {};
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    made[text] = temml.renderToString(text, { displayMode: true, throwOnError: true }).replace(needless, "");
  } catch (error) {
    console.error(`${text}: ${error.message}`);
    process.exit(1);
  }
}
process.stdout.write(JSON.stringify(made, null, 0).replaceAll('","', '",\n"') + "\n");
