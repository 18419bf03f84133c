// Shows /openapi.json for people, and asks what only reads right from here.

const $ = (id) => document.getElementById(id);
let described = {};

function element(name, text = "", ...children) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...children);
  return made;
}

function resolved(schema) {
  const path = schema?.$ref?.replace("#/", "").split("/");
  return path ? resolved(path.reduce((there, name) => there[name], described)) : schema ?? {};
}

// The kind of a field in a few words: its type, its values or what it holds.
function kind(given) {
  const schema = resolved(given);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map(kind).join(" or ");
  if (schema.enum) return schema.enum.join(" · ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === "array") return `list of ${kind(schema.items)}`;
  if (schema.format === "binary") return "file";
  return schema.type ?? "anything";
}

const LIMITS = {
  minimum: "from", exclusiveMinimum: "above", maximum: "to", maxLength: "at most (characters)",
  maxItems: "at most", pattern: "written as",
};

function limits(given) {
  const schema = resolved(given);
  const own = Object.entries(LIMITS)
    .filter(([name]) => schema[name] !== undefined)
    .map(([name, words]) => `${words} ${schema[name]}`);
  return [...own, ...(schema.anyOf ?? []).map(limits).filter(Boolean)].join(", ");
}

function table(heads, rows) {
  const head = element("tr", "", ...heads.map((text) => element("th", text)));
  const body = rows.map((row) => element("tr", "", ...row.map((text) => element("td", text))));
  return element("table", "", element("thead", "", head), element("tbody", "", ...body));
}

function fields(given) {
  const schema = resolved(given);
  const needed = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, about]) => [
    needed.has(name) ? `${name} (needed)` : name,
    kind(about),
    [limits(about), about.description, example(about)].filter(Boolean).join(". "),
  ]);
}

function example(about) {
  const [first] = about.examples ?? [];
  return first === undefined ? "" : `Example: ${first}`;
}

function section(path, method, call) {
  const name = `${method.toUpperCase()} ${path}`;
  const made = element("section", "", element("h2", name), element("p", call.description ?? ""));
  made.id = name.replace(/\W+/g, "-");
  const parameters = call.parameters ?? [];
  if (parameters.length) {
    const rows = parameters.map((one) => [
      `${one.name} (${one.in}${one.required ? ", needed" : ""})`, kind(one.schema),
      [limits(one.schema), one.description, example(one.schema)].filter(Boolean).join(". "),
    ]);
    made.append(table(["Parameter", "Kind", ""], rows));
  }
  for (const [type, { schema }] of Object.entries(call.requestBody?.content ?? {})) {
    made.append(element("h3", `Body as ${type}`), table(["Field", "Kind", ""], fields(schema)));
  }
  for (const [status, answer] of Object.entries(call.responses)) {
    const shape = answer.content?.["application/json"]?.schema;
    const about = element("details", "", element("summary", `${status} ${answer.description}`));
    about.append(shape ? table(["Field", "Kind", ""], fields(shape)) : kinds(answer));
    made.append(about);
  }
  if (method === "get" && !path.endsWith("/events")) made.append(form(path, parameters));
  return made;
}

const kinds = (answer) => element("p", Object.keys(answer.content ?? {}).join(", "));

function form(path, parameters) {
  const shown = parameters.filter((one) => one.in !== "header");
  const inputs = shown.map((one) => {
    const input = element("input");
    Object.assign(input, { name: one.name, required: one.required ?? false });
    return element("label", `${one.name} `, input);
  });
  const answer = element("pre");
  answer.hidden = true;
  const made = element("form", "", ...inputs, element("button", "Ask"));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.hidden = false;
    answer.textContent = await asked(path, new FormData(made), shown);
  });
  return element("div", "", made, answer);
}

async function asked(path, given, parameters) {
  const query = new URLSearchParams();
  for (const { name, in: place } of parameters) {
    const value = given.get(name);
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.set(name, value);
  }
  const key = $("key").value;
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  try {
    const answer = await fetch(`${path.slice(1)}${query.size ? `?${query}` : ""}`, { headers });
    const type = answer.headers.get("Content-Type") ?? "";
    if (!/json|text/.test(type)) return `${answer.status}: ${type}`;
    const text = await answer.text();
    const body = type.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
    return `${answer.status}\n${body}`;
  } catch (error) {
    return String(error);
  }
}

async function start() {
  described = await (await fetch("openapi.json")).json();
  $("about").textContent = `${described.info.description} Version ${described.info.version}.`;
  for (const [path, calls] of Object.entries(described.paths)) {
    for (const [method, call] of Object.entries(calls)) {
      const made = section(path, method, call);
      $("calls").append(made);
      const link = element("a", made.firstElementChild.textContent);
      link.href = `#${made.id}`;
      $("contents").append(link);
    }
  }
}

start().catch((error) => ($("problem").textContent = String(error)));
