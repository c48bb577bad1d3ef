// Where in the manifest something in the monitor comes from.
import type { Deployment, Location } from "../../protocol.gen";
import type { Place } from "./messages";

export function placeOf(deployment: Deployment, place: Place): Location | undefined {
  if (place.kind === "failure") {
    return deployment.failures[place.index]?.location;
  }
  const change = deployment.changes.find((each) => each.id === place.change);
  return place.kind === "cause" ? (change?.causes[place.index]?.location ?? change?.location) : change?.location;
}
