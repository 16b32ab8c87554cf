/** A style sheet as text, as Vite reads it. */
declare module '*.css?raw' {
  const style: string
  export default style
}
