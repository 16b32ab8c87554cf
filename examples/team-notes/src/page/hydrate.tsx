import '@trueup/sdk/react/theme.css'
import '../../../page.css'
import { hydrateRoot } from 'react-dom/client'
import { Page } from './page.tsx'
import type { PageData } from './page-data.ts'

const root = document.getElementById('root')
const data = document.getElementById('data')?.textContent
if (root && data) hydrateRoot(root, <Page data={JSON.parse(data) as PageData} />)
