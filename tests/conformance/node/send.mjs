// Sends with @segment/analytics-node: ADDRESS KEY VISITS; prints the message ids it sent.
import { Analytics } from "@segment/analytics-node";

const [address, writeKey, visits] = process.argv.slice(2);
const lost = [];
const sent = [];
const analytics = new Analytics({ writeKey, host: address, flushAt: 5, flushInterval: 100 });
analytics.on("error", (error) => lost.push(String(error.reason ?? error.code)));

const call = (kind, fields) =>
  analytics[kind]({ userId: "minji", ...fields }, (error, context) => {
    if (error) lost.push(String(error));
    else sent.push(context.event.messageId);
  });

call("identify", { traits: { email: "minji@shop.example", name: "민지" } });
call("page", { name: "Home", properties: { url: "https://shop.example/" } });
call("screen", { name: "Basket" });
call("group", { groupId: "regulars", traits: { size: 3 } });
call("alias", { previousId: "anonymous-1" });
for (let n = 0; n < Number(visits); n++) call("track", { event: "Visited", properties: { n } });

await analytics.closeAndFlush({ timeout: 60_000 });
console.log(JSON.stringify({ sent, lost }));
