// App Bridge's resource picker: products (with their variants), variants, collections.
const LABELS = { product: "products", variant: "variants", collection: "collections" };

/**
 * Opens the picker and waits for the merchant.
 * @param {string} base where the shop's data is asked for
 * @param {{type: string, action?: string, multiple?: boolean | number, query?: string, filter?: {variants?: boolean, query?: string, draft?: boolean, archived?: boolean}, selectionIds?: {id: string, variants?: {id: string}[]}[]}} options
 * @returns the resources chosen, or null when the picker was cancelled
 */
export async function openPicker(
  base,
  { type, action = "add", multiple = false, query = "", filter = {}, selectionIds = [] },
) {
  const label = LABELS[type];
  if (!label) throw new Error(`The resource picker knows no type ${type}`);
  const limit = typeof multiple === "number" ? multiple : multiple ? Infinity : 1;
  const withVariants = type === "product" && filter.variants !== false;
  /** id of the resource → ids of its variants that are chosen (all of them when it has none to choose). */
  const chosen = new Map(
    selectionIds.map(({ id, variants }) => [id, variants ? new Set(variants.map((each) => each.id)) : null]),
  );
  const seen = new Map();

  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "picker-title");
  dialog.innerHTML = `<h2 id="picker-title"></h2><div class="inside"><label><span class="hidden">Search ${label}</span>
    <input type="search" placeholder="Search ${label}" autofocus /></label></div><ul class="picks"></ul>
    <footer><span role="status" style="margin-right:auto"></span><button type="button">Cancel</button><button type="button" class="primary"></button></footer>`;
  const [cancel, done] = dialog.querySelectorAll("button");
  const search = dialog.querySelector("input");
  const list = dialog.querySelector(".picks");
  dialog.querySelector("h2").textContent = `${action === "add" ? "Add" : "Select"} ${label}`;
  done.textContent = action === "add" ? "Add" : "Select";
  search.value = query;

  function row(item, { checked, indeterminate = false, of = false, more = "", image, change }) {
    const element = document.createElement("li");
    const labelled = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = checked;
    box.indeterminate = indeterminate;
    box.addEventListener("change", () => change(box.checked));
    labelled.append(box);
    if (of) labelled.className = "of";
    if (image) labelled.append(Object.assign(document.createElement("img"), { src: image, alt: "" }));
    labelled.append(
      Object.assign(document.createElement("span"), { textContent: item.displayName ?? item.title }),
    );
    labelled.append(Object.assign(document.createElement("span"), { className: "more", textContent: more }));
    element.append(labelled);
    return element;
  }

  function rows(item) {
    const variants = withVariants && item.variants.length > 1 ? item.variants : [];
    const picked = chosen.get(item.id);
    const all = chosen.has(item.id) && (!picked || picked.size >= variants.length);
    const first = row(item, {
      checked: all,
      indeterminate: chosen.has(item.id) && !all,
      image: item.images?.[0]?.originalSrc,
      more:
        item.status === "DRAFT"
          ? "Draft"
          : item.productsCount === undefined
            ? ""
            : `${item.productsCount} products`,
      change(on) {
        if (!on) chosen.delete(item.id);
        else {
          if (limit === 1) chosen.clear();
          chosen.set(item.id, null);
        }
        draw();
      },
    });
    const inner = variants.map((variant) =>
      row(
        { title: variant.title },
        {
          of: true,
          checked: chosen.has(item.id) && (!picked || picked.has(variant.id)),
          more: variant.sku ?? "",
          change(on) {
            const set = chosen.has(item.id) ? (picked ?? new Set(variants.map(({ id }) => id))) : new Set();
            if (on) set.add(variant.id);
            else set.delete(variant.id);
            if (limit === 1) chosen.clear();
            if (set.size === 0) chosen.delete(item.id);
            else chosen.set(item.id, set);
            draw();
          },
        },
      ),
    );
    return [first, ...inner];
  }

  let items = [];
  function draw() {
    const at = list.scrollTop;
    const focused = [...list.querySelectorAll("input")].indexOf(document.activeElement);
    list.replaceChildren(...items.flatMap(rows));
    if (items.length === 0)
      list.append(
        Object.assign(document.createElement("li"), { className: "none", textContent: `No ${label} found` }),
      );
    list.scrollTop = at;
    if (focused >= 0) list.querySelectorAll("input")[focused]?.focus();
    dialog.querySelector('[role="status"]').textContent =
      `${chosen.size}${limit === Infinity ? "" : `/${limit}`} selected`;
    done.disabled = chosen.size > limit || (chosen.size === 0 && action === "add");
  }

  async function find() {
    const wanted = new URLSearchParams({ type, text: search.value, query: filter.query ?? "" });
    const answer = await fetch(`${base}/picker?${wanted}`);
    const found = (await answer.json()).items;
    items = found.filter(
      ({ status }) =>
        (filter.draft !== false || status !== "DRAFT") &&
        (filter.archived !== false || status !== "ARCHIVED"),
    );
    for (const item of items) seen.set(item.id, item);
    draw();
  }

  document.body.append(dialog);
  dialog.showModal();
  // Everything once without a search, so that what was chosen before can be given back whole.
  const everything = await (
    await fetch(`${base}/picker?${new URLSearchParams({ type, text: "", query: "" })}`)
  ).json();
  for (const item of everything.items) seen.set(item.id, item);
  await find();
  search.addEventListener("input", () => void find());

  return new Promise((resolve) => {
    let result = null;
    cancel.addEventListener("click", () => dialog.close());
    done.addEventListener("click", () => {
      result = [...chosen].flatMap(([id, variants]) => {
        const item = seen.get(id);
        if (!item) return [];
        return [
          item.variants
            ? {
                ...item,
                variants: variants ? item.variants.filter((each) => variants.has(each.id)) : item.variants,
              }
            : item,
        ];
      });
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
  });
}
