// Whether somebody is signed in with this browser, as far as it remembers: a page that is the first here
// shows the sign-in at once, instead of when the cluster has said that it knows nobody.

const key = "chaticket.visited";

export function hasVisited(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

export function noteVisit(isHere: boolean): void {
  try {
    if (isHere) localStorage.setItem(key, "1");
    else localStorage.removeItem(key);
  } catch {
    // Then every visit begins as the first.
  }
}
