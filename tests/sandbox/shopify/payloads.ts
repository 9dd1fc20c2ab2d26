// REST-shaped webhook bodies, as Shopify sends them: ids are integers in the JSON text (some beyond 2^53), times carry
// the shop's offset. LosslessNumber keeps an id's digits; `stringify` of lossless-json writes them unquoted.
import { LosslessNumber } from "lossless-json";
import * as money from "#tests/sandbox/shopify/money.ts";
import type {
  Address,
  Customer,
  Fulfillment,
  Line,
  Order,
  Product,
  Refund,
  Shop,
} from "#tests/sandbox/shopify/types.ts";

type Json = Record<string, unknown>;

export const number = (id: string | null) => (id === null ? null : new LosslessNumber(id));
export const gid = (type: string, id: string) => `gid://shopify/${type}/${id}`;

/** `2026-11-21T09:30:00+01:00`: seconds, in the shop's zone. */
export function restTime(iso: string | null, timezone: string): string | null {
  if (!iso) return null;
  const date = new Date(iso);
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(date);
  const offset = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" })
    .formatToParts(date)
    .find((part) => part.type === "timeZoneName")!
    .value.replace("GMT", "");
  return `${parts.replace(" ", "T")}${offset || "+00:00"}`;
}

const set = (value: number, currency: string) => ({
  shop_money: { amount: money.amount(value), currency_code: currency },
  presentment_money: { amount: money.amount(value), currency_code: currency },
});

const taxLines = (gross: number, rate: number, currency: string) => [
  {
    channel_liable: false,
    price: money.amount(money.taxInside(gross, rate)),
    price_set: set(money.taxInside(gross, rate), currency),
    rate,
    title: "VAT",
  },
];

function address(value: Address | null): Json | null {
  if (!value) return null;
  return {
    first_name: value.firstName,
    address1: value.address1,
    phone: value.phone,
    city: value.city,
    zip: value.zip,
    province: value.province,
    country: value.country,
    last_name: value.lastName,
    address2: value.address2,
    company: value.company,
    latitude: 53.5511,
    longitude: 9.9937,
    name: `${value.firstName} ${value.lastName}`,
    country_code: value.countryCode,
    province_code: value.provinceCode,
  };
}

function line(shop: Shop, order: Order, each: Line): Json {
  const gross = money.cents(each.price) * each.quantity;
  const fulfilled = money.fulfilledQuantity(order, each);
  const product = shop.products.find(({ id }) => id === each.productId);
  return {
    id: number(each.id),
    admin_graphql_api_id: gid("LineItem", each.id),
    attributed_staffs: [],
    current_quantity: each.currentQuantity,
    fulfillable_quantity: money.fulfillableQuantity(order, each),
    fulfillment_service: each.giftCard ? "gift_card" : "manual",
    fulfillment_status: fulfilled === 0 ? null : fulfilled < each.currentQuantity ? "partial" : "fulfilled",
    gift_card: each.giftCard,
    grams: 650,
    name: each.variantTitle ? `${each.title} - ${each.variantTitle}` : each.title,
    price: each.price,
    price_set: set(money.cents(each.price), order.currency),
    product_exists: Boolean(product),
    product_id: number(each.productId),
    properties: each.properties,
    quantity: each.quantity,
    requires_shipping: each.requiresShipping,
    sales_line_item_group_id: number(each.groupId),
    selling_plan_id: number(each.sellingPlan?.id ?? null),
    sku: each.sku,
    taxable: true,
    title: each.title,
    total_discount: "0.00",
    total_discount_set: set(0, order.currency),
    variant_id: number(each.variantId),
    variant_inventory_management: "shopify",
    variant_title: each.variantTitle,
    vendor: each.vendor,
    tax_lines: taxLines(gross, each.taxRate, order.currency),
    duties: [],
    discount_allocations: [],
  };
}

export function customerPayload(shop: Shop, customer: Customer): Json {
  return {
    id: number(customer.id),
    created_at: restTime(customer.createdAt, shop.timezone),
    updated_at: restTime(customer.updatedAt, shop.timezone),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: "disabled",
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: customer.phone,
    currency: shop.currency,
    tax_exemptions: [],
    // No tags: Shopify took them out of customers in webhooks with 2025-01.
    admin_graphql_api_id: gid("Customer", customer.id),
    default_address: customer.address
      ? {
          id: number(customer.address.id),
          customer_id: number(customer.id),
          ...address(customer.address),
          default: true,
        }
      : null,
  };
}

export function orderPayload(shop: Shop, order: Order): Json {
  const sums = money.totals(order);
  const current = money.totals(order, true);
  const refunded = money.refundedCents(order);
  const customer = shop.customers.find(({ id }) => id === order.customerId);
  const at = (iso: string | null) => restTime(iso, shop.timezone);
  return {
    id: number(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    app_id: 580111,
    browser_ip: "203.0.113.17",
    buyer_accepts_marketing: false,
    cancel_reason: order.cancelReason,
    cancelled_at: at(order.cancelledAt),
    cart_token: order.token.slice(0, 24),
    checkout_id: number(String(BigInt(order.id) + 11n)),
    checkout_token: order.token,
    client_details: {
      accept_language: order.locale ?? "en",
      browser_height: null,
      browser_ip: "203.0.113.17",
      browser_width: null,
      session_hash: null,
      user_agent:
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1",
    },
    closed_at: at(order.closedAt),
    company: order.company
      ? { id: number(order.company.id), location_id: number(order.company.locationId) }
      : null,
    confirmation_number: order.confirmationNumber,
    confirmed: true,
    contact_email: order.email,
    created_at: at(order.createdAt),
    currency: order.currency,
    current_shipping_price_set: set(current.shipping, order.currency),
    current_subtotal_price: money.amount(current.subtotal),
    current_subtotal_price_set: set(current.subtotal, order.currency),
    current_total_additional_fees_set: null,
    current_total_discounts: "0.00",
    current_total_discounts_set: set(0, order.currency),
    current_total_duties_set: null,
    current_total_price: money.amount(current.total),
    current_total_price_set: set(current.total, order.currency),
    current_total_tax: money.amount(current.tax),
    current_total_tax_set: set(current.tax, order.currency),
    customer_locale: order.locale,
    device_id: null,
    discount_codes: [],
    duties_included: false,
    email: order.email,
    estimated_taxes: false,
    financial_status: money.financialStatus(order),
    fulfillment_status: money.fulfillmentStatus(order),
    landing_site: "/products",
    landing_site_ref: null,
    line_item_groups: order.groups.map((group) => ({
      id: number(group.id),
      title: group.title,
      quantity: group.quantity,
      product_id: number(group.productId),
      variant_id: number(group.variantId),
      variant_sku: group.sku,
      properties: [],
    })),
    location_id: null,
    merchant_business_entity_id: "MTU0ODM4MDAwOQ",
    merchant_of_record_app_id: null,
    name: order.name,
    note: order.note,
    note_attributes: order.attributes,
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: `https://${shop.domain}/${shop.id}/orders/${order.token}/authenticate?key=${order.token.slice(0, 16)}`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: ["shopify_payments"],
    phone: order.phone,
    po_number: null,
    presentment_currency: order.currency,
    processed_at: at(order.processedAt),
    reference: null,
    referring_site: null,
    source_identifier: order.sourceIdentifier,
    source_name: order.sourceName,
    source_url: null,
    subtotal_price: money.amount(sums.subtotal),
    subtotal_price_set: set(sums.subtotal, order.currency),
    tags: order.tags.join(", "),
    tax_exempt: false,
    tax_lines: taxLines(sums.subtotal, order.lines[0]?.taxRate ?? 0.19, order.currency),
    taxes_included: true,
    test: order.test,
    token: order.token,
    total_cash_rounding_payment_adjustment_set: set(0, order.currency),
    total_cash_rounding_refund_adjustment_set: set(0, order.currency),
    total_discounts: "0.00",
    total_discounts_set: set(0, order.currency),
    total_line_items_price: money.amount(sums.subtotal),
    total_line_items_price_set: set(sums.subtotal, order.currency),
    total_outstanding: order.paid ? "0.00" : money.amount(sums.total),
    total_price: money.amount(sums.total),
    total_price_set: set(sums.total, order.currency),
    total_shipping_price_set: set(sums.shipping, order.currency),
    total_tax: money.amount(sums.tax),
    total_tax_set: set(sums.tax, order.currency),
    total_tip_received: "0.00",
    total_weight: 650 * order.lines.length,
    updated_at: at(order.updatedAt),
    user_id: null,
    billing_address: address(order.billingAddress),
    customer: customer ? customerPayload(shop, customer) : null,
    discount_applications: [],
    fulfillments: order.fulfillments.map((each) => fulfillmentPayload(shop, order, each)),
    line_items: order.lines.map((each) => line(shop, order, each)),
    payment_terms: null,
    refunds: order.refunds.map((each) => refundPayload(shop, order, each)),
    shipping_address: address(order.shippingAddress),
    shipping_lines:
      sums.shipping === 0
        ? []
        : [
            {
              id: number(String(BigInt(order.id) + 22n)),
              carrier_identifier: null,
              code: "Standard",
              current_discounted_price_set: set(sums.shipping, order.currency),
              discounted_price: money.amount(sums.shipping),
              discounted_price_set: set(sums.shipping, order.currency),
              is_removed: false,
              phone: null,
              price: money.amount(sums.shipping),
              price_set: set(sums.shipping, order.currency),
              requested_fulfillment_service_id: null,
              source: "shopify",
              title: "Standard",
              tax_lines: taxLines(sums.shipping, 0.19, order.currency),
              discount_allocations: [],
            },
          ],
    returns: [],
    total_refunded_amount: money.amount(refunded),
  };
}

export function fulfillmentPayload(shop: Shop, order: Order, each: Fulfillment): Json {
  const lines = each.lines.flatMap(({ lineId, quantity }) => {
    const found = order.lines.find(({ id }) => id === lineId);
    return found ? [{ ...line(shop, order, found), quantity }] : [];
  });
  return {
    id: number(each.id),
    order_id: number(order.id),
    status: each.status,
    created_at: restTime(each.createdAt, shop.timezone),
    service: "manual",
    updated_at: restTime(each.updatedAt, shop.timezone),
    tracking_company: each.trackingCompany,
    shipment_status: each.shipmentStatus,
    location_id: number(shop.id),
    origin_address: null,
    email: order.email,
    destination: address(order.shippingAddress),
    line_items: lines,
    tracking_number: each.trackingNumber,
    tracking_numbers: each.trackingNumber ? [each.trackingNumber] : [],
    tracking_url: each.trackingUrl,
    tracking_urls: each.trackingUrl ? [each.trackingUrl] : [],
    receipt: {},
    name: each.name,
    admin_graphql_api_id: gid("Fulfillment", each.id),
  };
}

export function refundPayload(shop: Shop, order: Order, refund: Refund): Json {
  const lines = refund.lines.flatMap((each) => {
    const found = order.lines.find(({ id }) => id === each.lineId);
    if (!found) return [];
    const gross = money.cents(found.price) * each.quantity;
    return [
      {
        id: number(each.id),
        line_item_id: number(each.lineId),
        location_id: number(shop.id),
        quantity: each.quantity,
        restock_type: each.restockType,
        subtotal: money.amount(gross),
        subtotal_set: set(gross, order.currency),
        total_tax: money.amount(money.taxInside(gross, found.taxRate)),
        total_tax_set: set(money.taxInside(gross, found.taxRate), order.currency),
        line_item: line(shop, order, found),
      },
    ];
  });
  return {
    id: number(refund.id),
    admin_graphql_api_id: gid("Refund", refund.id),
    created_at: restTime(refund.createdAt, shop.timezone),
    note: refund.note,
    order_id: number(order.id),
    processed_at: restTime(refund.createdAt, shop.timezone),
    restock: refund.lines.some(({ restockType }) => restockType !== "no_restock"),
    user_id: number(shop.staff[0]?.id ?? null),
    duties: [],
    order_adjustments: [],
    return: null,
    refund_shipping_lines: [],
    refund_line_items: lines,
    transactions: [
      {
        id: number(String(BigInt(refund.id) + 5n)),
        order_id: number(order.id),
        kind: "refund",
        status: "success",
        amount: money.amount(lines.reduce((sum, each) => sum + money.cents(String(each.subtotal)), 0)),
        currency: order.currency,
        gateway: "shopify_payments",
        created_at: restTime(refund.createdAt, shop.timezone),
      },
    ],
  };
}

export function productPayload(shop: Shop, product: Product): Json {
  return {
    admin_graphql_api_id: gid("Product", product.id),
    body_html: product.descriptionHtml,
    created_at: restTime(product.createdAt, shop.timezone),
    handle: product.handle,
    id: number(product.id),
    product_type: product.productType,
    published_at: restTime(product.createdAt, shop.timezone),
    template_suffix: null,
    title: product.title,
    updated_at: restTime(product.updatedAt, shop.timezone),
    vendor: product.vendor,
    status: product.status.toLowerCase(),
    published_scope: "global",
    tags: product.tags.join(", "),
    variants: product.variants.map((variant, index) => ({
      admin_graphql_api_id: gid("ProductVariant", variant.id),
      barcode: variant.barcode,
      compare_at_price: null,
      created_at: restTime(product.createdAt, shop.timezone),
      id: number(variant.id),
      inventory_policy: "deny",
      position: index + 1,
      price: variant.price,
      product_id: number(product.id),
      sku: variant.sku,
      taxable: true,
      title: variant.title,
      updated_at: restTime(product.updatedAt, shop.timezone),
      inventory_quantity: 40,
    })),
    options: [
      {
        name: "Title",
        id: number(String(BigInt(product.id) + 1n)),
        product_id: number(product.id),
        position: 1,
        values: product.variants.map(({ title }) => title),
      },
    ],
    images: [],
    image: null,
    media: [],
    category: null,
  };
}

export function shopPayload(shop: Shop): Json {
  return {
    id: number(shop.id),
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    province: shop.address.province,
    country: shop.address.countryCode,
    address1: shop.address.address1,
    zip: shop.address.zip,
    city: shop.address.city,
    source: null,
    phone: shop.address.phone,
    created_at: restTime(shop.createdAt, shop.timezone),
    updated_at: restTime(shop.updatedAt, shop.timezone),
    country_code: shop.address.countryCode,
    country_name: shop.address.country,
    currency: shop.currency,
    customer_email: shop.email,
    timezone: `(GMT) ${shop.timezone}`,
    iana_timezone: shop.timezone,
    shop_owner: shop.ownerName,
    money_format: "€{{amount}}",
    plan_name: shop.plan.name,
    plan_display_name: shop.plan.displayName,
    primary_locale: shop.locales.find(({ primary }) => primary)?.locale ?? "en",
    myshopify_domain: shop.domain,
  };
}
