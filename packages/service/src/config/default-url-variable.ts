/** The variable that holds the connection string of the app's database, where the configuration names none. */
export const defaultUrlVariable = 'ACCESS_DATABASE_URL'
