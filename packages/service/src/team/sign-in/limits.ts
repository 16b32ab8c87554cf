/** How long a session lasts, and how long a link to a new password does. Neither is prolonged by being used. */
export const sessionDays = 14
export const resetMinutes = 60

/** Passwords have at least so many characters, and at most. */
export const passwordLength = { least: 12, most: 256 } as const
