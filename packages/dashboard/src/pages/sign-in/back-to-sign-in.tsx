import { Link } from '@tanstack/react-router'

export function BackToSignIn() {
  return (
    <p className="mt-5 text-sm">
      <Link to="/sign-in" className="rounded-sm text-accent hover:underline">
        Back to sign in
      </Link>
    </p>
  )
}
