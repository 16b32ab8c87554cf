import { useRouter } from '@tanstack/react-router'

/** Goes to an address of the dashboard that is known only when it is gone to. */
export function useGoTo(): (address: string) => void {
  const router = useRouter()
  return (address) => router.history.push(address)
}
