/** The mark above the sign-in form. */
export function Logo() {
  return (
    <div className="sign-in__logo" aria-hidden="true">
      <svg viewBox="0 0 64 64" fill="none">
        <path
          d="M10 18a6 6 0 0 1 6-6h32a6 6 0 0 1 6 6v6a6 6 0 0 0 0 12v6a6 6 0 0 1-6 6H25l-11 8v-8a6 6 0 0 1-4-6v-6a6 6 0 0 0 0-12z"
          fill="currentColor"
        />
      </svg>
    </div>
  );
}
