import { compileSearch } from "#tests/sandbox/search.ts";
import { connection, type ConnectionArgs } from "#tests/sandbox/shopify/connection.ts";
import * as money from "#tests/sandbox/shopify/money.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import type { Catalogue } from "#tests/sandbox/shopify/root-products.ts";
import type {
  Address,
  Customer,
  Fulfillment,
  Line,
  Order,
  Refund,
  Shop,
} from "#tests/sandbox/shopify/types.ts";

const FULFILLMENT = { null: "UNFULFILLED", partial: "PARTIALLY_FULFILLED", fulfilled: "FULFILLED" } as const;

export function orderTypes(shop: Shop, catalogue: Catalogue) {
  const bag = (value: number) => {
    const each = { amount: money.amount(value), currencyCode: shop.currency };
    return { shopMoney: each, presentmentMoney: each };
  };

  function address(of: Address | null) {
    if (!of) return null;
    const name = `${of.firstName} ${of.lastName}`;
    return {
      __typename: "MailingAddress",
      ...of,
      id: gid("MailingAddress", of.id),
      name,
      countryCodeV2: of.countryCode,
      formatted: () => [name, of.address1, `${of.zip} ${of.city}`, of.country],
      formattedArea: `${of.city}, ${of.country}`,
      latitude: null,
      longitude: null,
      timeZone: null,
      coordinatesValidated: false,
    };
  }

  function customer(of: Customer | undefined): Record<string, unknown> | null {
    if (!of) return null;
    const theirs = () => shop.orders.filter(({ customerId }) => customerId === of.id);
    return {
      __typename: "Customer",
      id: gid("Customer", of.id),
      legacyResourceId: of.id,
      firstName: of.firstName,
      lastName: of.lastName,
      displayName: `${of.firstName} ${of.lastName}`,
      email: of.email,
      phone: of.phone,
      defaultEmailAddress: of.email
        ? {
            emailAddress: of.email,
            marketingState: "NOT_SUBSCRIBED",
            marketingOptInLevel: null,
            marketingUpdatedAt: null,
            openTrackingLevel: "UNKNOWN",
            validFormat: true,
          }
        : null,
      defaultPhoneNumber: of.phone ? { phoneNumber: of.phone, marketingState: "NOT_SUBSCRIBED" } : null,
      locale: of.locale,
      tags: of.tags,
      note: null,
      state: "DISABLED",
      verifiedEmail: true,
      taxExempt: false,
      defaultAddress: () => address(of.address),
      numberOfOrders: () => String(theirs().length),
      orders: (args: ConnectionArgs) => connection(theirs(), args, ({ id }) => id, order),
      lastOrder: () => order(theirs().at(-1)),
      createdAt: of.createdAt,
      updatedAt: of.updatedAt,
      metafield: () => null,
    };
  }

  function line(of: Order, each: Line): Record<string, unknown> {
    const product = shop.products.find(({ id }) => id === each.productId);
    const variant = product?.variants.find(({ id }) => id === each.variantId);
    const group = of.groups.find(({ id }) => id === each.groupId);
    const unit = money.cents(each.price);
    const open = money.fulfillableQuantity(of, each);
    return {
      __typename: "LineItem",
      id: gid("LineItem", each.id),
      title: each.title,
      name: each.variantTitle ? `${each.title} - ${each.variantTitle}` : each.title,
      variantTitle: each.variantTitle,
      sku: each.sku,
      vendor: each.vendor,
      quantity: each.quantity,
      currentQuantity: each.currentQuantity,
      refundableQuantity: each.currentQuantity,
      unfulfilledQuantity: open,
      fulfillableQuantity: open,
      nonFulfillableQuantity: 0,
      fulfillmentStatus: open === 0 ? "fulfilled" : "unfulfilled",
      isGiftCard: each.giftCard,
      requiresShipping: each.requiresShipping,
      restockable: true,
      taxable: true,
      merchantEditable: true,
      customAttributes: each.properties.map(({ name, value }) => ({ key: name, value })),
      product: () => catalogue.product(product),
      variant: () => (product && variant ? catalogue.variant(product, variant) : null),
      image: () => (product ? catalogue.image(product) : null),
      lineItemGroup: group
        ? {
            __typename: "LineItemGroup",
            id: gid("LineItemGroup", group.id),
            title: group.title,
            quantity: group.quantity,
            productId: gid("Product", group.productId),
            variantId: gid("ProductVariant", group.variantId),
            variantSku: group.sku,
            customAttributes: [],
          }
        : null,
      sellingPlan: each.sellingPlan
        ? { name: each.sellingPlan.name, sellingPlanId: gid("SellingPlan", each.sellingPlan.id) }
        : null,
      contract: null,
      discountAllocations: [],
      originalUnitPriceSet: bag(unit),
      discountedUnitPriceSet: bag(unit),
      discountedUnitPriceAfterAllDiscountsSet: bag(unit),
      originalTotalSet: bag(unit * each.quantity),
      discountedTotalSet: () => bag(unit * each.quantity),
      totalDiscountSet: bag(0),
      originalUnitPrice: each.price,
      discountedUnitPrice: each.price,
      originalTotal: money.amount(unit * each.quantity),
      discountedTotal: money.amount(unit * each.quantity),
    };
  }

  function fulfillment(of: Order, each: Fulfillment): Record<string, unknown> {
    const status =
      each.status === "cancelled" ? "CANCELED" : (each.shipmentStatus?.toUpperCase() ?? "FULFILLED");
    const lines = each.lines.map((part) => ({
      ...part,
      line: of.lines.find(({ id }) => id === part.lineId)!,
    }));
    return {
      __typename: "Fulfillment",
      id: gid("Fulfillment", each.id),
      legacyResourceId: each.id,
      name: each.name,
      status: each.status.toUpperCase(),
      displayStatus: status,
      createdAt: each.createdAt,
      updatedAt: each.updatedAt,
      deliveredAt: each.deliveredAt,
      inTransitAt: each.inTransitAt,
      estimatedDeliveryAt: null,
      requiresShipping: each.trackingNumber !== null,
      totalQuantity: each.lines.reduce((sum, { quantity }) => sum + quantity, 0),
      trackingInfo: () =>
        each.trackingNumber
          ? [{ company: each.trackingCompany, number: each.trackingNumber, url: each.trackingUrl }]
          : [],
      order: () => order(of),
      events: (args: ConnectionArgs) =>
        connection(
          each.shipmentStatus && each.shipmentStatus !== "picked_up" ? [each] : [],
          args,
          ({ id }) => id,
          () => ({
            id: gid("FulfillmentEvent", each.id),
            status: each.shipmentStatus!.toUpperCase(),
            happenedAt: each.updatedAt,
            createdAt: each.updatedAt,
            message: null,
          }),
        ),
      fulfillmentLineItems: (args: ConnectionArgs) =>
        connection(
          lines,
          args,
          ({ id }) => id,
          (part) => ({
            __typename: "FulfillmentLineItem",
            id: gid("FulfillmentLineItem", part.id),
            quantity: part.quantity,
            lineItem: () => line(of, part.line),
          }),
        ),
    };
  }

  function refund(of: Order, each: Refund): Record<string, unknown> {
    const value = each.lines.reduce(
      (sum, part) => sum + money.cents(of.lines.find(({ id }) => id === part.lineId)!.price) * part.quantity,
      0,
    );
    return {
      __typename: "Refund",
      id: gid("Refund", each.id),
      legacyResourceId: each.id,
      note: each.note,
      createdAt: each.createdAt,
      updatedAt: each.createdAt,
      processedAt: each.createdAt,
      order: () => order(of),
      totalRefundedSet: bag(value),
      refundLineItems: (args: ConnectionArgs) =>
        connection(
          each.lines,
          args,
          ({ id }) => id,
          (part) => {
            const found = of.lines.find(({ id }) => id === part.lineId)!;
            return {
              id: gid("RefundLineItem", part.id),
              quantity: part.quantity,
              restockType: part.restockType.toUpperCase(),
              restocked: part.restockType !== "no_restock",
              lineItem: () => line(of, found),
              subtotalSet: bag(money.cents(found.price) * part.quantity),
              priceSet: bag(money.cents(found.price)),
            };
          },
        ),
    };
  }

  /** The payment, and a refund for each refund that gave something back. */
  function transactions(of: Order): Record<string, unknown>[] {
    const made = (kind: string, at: string, index: number) => ({
      __typename: "OrderTransaction",
      id: gid("OrderTransaction", String(BigInt(of.id) + 40n + BigInt(index))),
      kind,
      status: "SUCCESS",
      gateway: "shopify_payments",
      test: of.test,
      createdAt: at,
      processedAt: at,
    });
    const paid = of.paid ? [made("SALE", of.paidAt ?? of.processedAt, 0)] : [];
    return [...paid, ...of.refunds.map((each, index) => made("REFUND", each.createdAt, index + 1))];
  }

  function order(of: Order | undefined): Record<string, unknown> | null {
    if (!of) return null;
    const sums = money.totals(of);
    const current = money.totals(of, true);
    const buyer = () => customer(shop.customers.find(({ id }) => id === of.customerId));
    const live = () => of.fulfillments;
    return {
      __typename: "Order",
      id: gid("Order", of.id),
      legacyResourceId: of.id,
      name: of.name,
      number: of.number,
      confirmationNumber: of.confirmationNumber,
      confirmed: true,
      email: of.email,
      phone: of.phone,
      note: of.note,
      tags: of.tags,
      test: of.test,
      edited: of.edited,
      closed: of.closedAt !== null,
      sourceName: of.sourceName,
      sourceIdentifier: of.sourceIdentifier,
      registeredSourceUrl: null,
      app: () => ({
        __typename: "OrderApp",
        id: gid("App", "580111"),
        name: APP_NAMES[of.sourceName] ?? of.sourceName,
      }),
      channelInformation: null,
      publication: null,
      customer: buyer,
      customerLocale: of.locale,
      customerAcceptsMarketing: false,
      purchasingEntity: () =>
        of.company
          ? {
              __typename: "PurchasingCompany",
              company: { id: gid("Company", of.company.id), name: of.company.name },
              contact: null,
              location: { id: gid("CompanyLocation", of.company.locationId), name: of.company.name },
            }
          : buyer(),
      currencyCode: of.currency,
      presentmentCurrencyCode: of.currency,
      displayFinancialStatus: money.financialStatus(of).toUpperCase(),
      displayFulfillmentStatus: FULFILLMENT[`${money.fulfillmentStatus(of)}`],
      transactions: ({ first }: { first?: number | null }) => transactions(of).slice(0, first ?? undefined),
      fullyPaid: of.paid,
      unpaid: !of.paid,
      returnStatus: "NO_RETURN",
      requiresShipping: of.lines.some(({ requiresShipping }) => requiresShipping),
      fulfillable: of.lines.some((each) => money.fulfillableQuantity(of, each) > 0),
      refundable: of.paid,
      createdAt: of.createdAt,
      processedAt: of.processedAt,
      updatedAt: of.updatedAt,
      cancelledAt: of.cancelledAt,
      closedAt: of.closedAt,
      cancelReason: of.cancelReason?.toUpperCase() ?? null,
      cancellation: of.cancelledAt ? { staffNote: null } : null,
      customAttributes: of.attributes.map(({ name, value }) => ({ key: name, value })),
      discountCodes: [],
      discountCode: null,
      paymentGatewayNames: ["shopify_payments"],
      poNumber: null,
      retailLocation: null,
      statusPageUrl: () => `https://${shop.domain}/${shop.id}/orders/${of.token}/authenticate`,
      shippingAddress: () => address(of.shippingAddress),
      billingAddress: () => address(of.billingAddress),
      displayAddress: () => address(of.shippingAddress ?? of.billingAddress),
      lineItems: (args: ConnectionArgs) =>
        connection(
          of.lines,
          args,
          ({ id }) => id,
          (each) => line(of, each),
        ),
      fulfillments: ({ first, query }: { first?: number; query?: string }) => {
        const test = query
          ? compileSearch<Fulfillment>(
              query,
              (each, field) => ({ status: [each.status], id: [each.id] })[field],
            )
          : () => true;
        return live()
          .filter(test)
          .slice(0, first)
          .map((each) => fulfillment(of, each));
      },
      fulfillmentsCount: { count: of.fulfillments.length, precision: "EXACT" },
      refunds: ({ first }: { first?: number }) => of.refunds.slice(0, first).map((each) => refund(of, each)),
      returns: (args: ConnectionArgs) =>
        connection(
          [],
          args,
          () => "",
          () => null,
        ),
      subtotalLineItemsQuantity: of.lines.reduce((sum, { quantity }) => sum + quantity, 0),
      currentSubtotalLineItemsQuantity: of.lines.reduce(
        (sum, { currentQuantity }) => sum + currentQuantity,
        0,
      ),
      subtotalPriceSet: bag(sums.subtotal),
      totalPriceSet: bag(sums.total),
      originalTotalPriceSet: bag(sums.total),
      currentTotalPriceSet: bag(current.total),
      currentSubtotalPriceSet: bag(current.subtotal),
      totalTaxSet: bag(sums.tax),
      totalShippingPriceSet: bag(sums.shipping),
      totalDiscountsSet: bag(0),
      totalRefundedSet: bag(money.refundedCents(of)),
      totalOutstandingSet: bag(of.paid ? 0 : sums.total),
      metafield: () => null,
      metafields: (args: ConnectionArgs) =>
        connection(
          [],
          args,
          () => "",
          () => null,
        ),
    };
  }

  return {
    order,
    customer,
    fulfillmentById: (id: string) => {
      const of = shop.orders.find(({ fulfillments }) => fulfillments.some((each) => each.id === id));
      return of
        ? fulfillment(
            of,
            of.fulfillments.find((each) => each.id === id)!,
          )
        : null;
    },
    refundById: (id: string) => {
      const of = shop.orders.find(({ refunds }) => refunds.some((each) => each.id === id));
      return of
        ? refund(
            of,
            of.refunds.find((each) => each.id === id)!,
          )
        : null;
    },
    lineById: (id: string) => {
      const of = shop.orders.find(({ lines }) => lines.some((each) => each.id === id));
      return of
        ? line(
            of,
            of.lines.find((each) => each.id === id)!,
          )
        : null;
    },
  };
}

const APP_NAMES: Record<string, string> = {
  web: "Online Store",
  pos: "Point of Sale",
  tiktok: "TikTok",
  amazon: "Amazon by Marketplace Connect",
  ebay: "eBay by Marketplace Connect",
  subscription_contract: "Subscriptions",
};
