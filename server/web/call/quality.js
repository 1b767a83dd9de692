// How well one is connected, by what the browser measures of every peer.
const LOST_POOR = 0.05;
const ROUND_TRIP_POOR_MS = 400;
const ROUND_TRIP_FAIR_MS = 150;

export class Meter {
  #before = new Map();

  // Of one connection since the last look.
  async look(connection) {
    const sums = { received: 0, lost: 0, bytes: 0 };
    let roundTrip = null;
    for (const one of (await connection.getStats()).values()) {
      if (one.type === "inbound-rtp") {
        sums.received += one.packetsReceived ?? 0;
        sums.lost += one.packetsLost ?? 0;
        sums.bytes += one.bytesReceived ?? 0;
      }
      if (one.type === "candidate-pair" && one.nominated && one.state === "succeeded") roundTrip = one.currentRoundTripTime;
    }
    const at = performance.now();
    const before = this.#before.get(connection) ?? { ...sums, at: at - 1 };
    this.#before.set(connection, { ...sums, at });
    return measured(sums, before, roundTrip, at - before.at);
  }

  forget(connection) {
    this.#before.delete(connection);
  }
}

function measured(sums, before, roundTrip, passed) {
  const received = Math.max(0, sums.received - before.received);
  const lost = Math.max(0, sums.lost - before.lost);
  return {
    round_trip_ms: roundTrip == null ? null : Math.round(roundTrip * 1000),
    lost_share: received + lost ? lost / (received + lost) : null,
    kilobits_per_second: Math.round((Math.max(0, sums.bytes - before.bytes) * 8) / passed),
  };
}

export function word({ round_trip_ms, lost_share }) {
  if (lost_share > LOST_POOR || round_trip_ms > ROUND_TRIP_POOR_MS) return "poor";
  return round_trip_ms > ROUND_TRIP_FAIR_MS ? "fair" : "good";
}

export function worst(all) {
  const of = (name) => Math.max(...all.map((one) => one[name] ?? 0));
  return {
    round_trip_ms: of("round_trip_ms"),
    lost_share: of("lost_share"),
    kilobits_per_second: all.reduce((sum, one) => sum + one.kilobits_per_second, 0),
  };
}
