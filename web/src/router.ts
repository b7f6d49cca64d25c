import { createRouter, createWebHistory } from 'vue-router'

import type { ElementPage } from '@/lib/evaluation'

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    { path: '/', name: 'overview', component: () => import('@/screens/OverviewScreen.vue') },
    { path: '/points', name: 'points', component: () => import('@/screens/PointsScreen.vue') },
    { path: '/points/:id', name: 'point', component: () => import('@/screens/PointScreen.vue'), props: true },
    { path: '/devices', name: 'devices', component: () => import('@/screens/DevicesScreen.vue') },
    {
      path: '/devices/:mn',
      name: 'device',
      component: () => import('@/screens/DeviceScreen.vue'),
      // `-` stands for the empty MN, as in the contract.
      props: (route) => ({ mn: route.params.mn === '-' ? '' : String(route.params.mn) }),
    },
    { path: '/conformance', name: 'conformance', component: () => import('@/screens/ConformanceScreen.vue') },
    {
      path: '/frames/:entry(\\d+)',
      name: 'frame',
      component: () => import('@/screens/FrameScreen.vue'),
      props: (route) => ({ entry: Number(route.params.entry) }),
    },
    {
      path: '/elements/:page(air|water|soil|noise|radiation|ecology|sources)',
      name: 'element',
      component: () => import('@/screens/ElementScreen.vue'),
      props: (route) => ({ page: route.params.page as ElementPage }),
    },
    { path: '/standards', name: 'standards', component: () => import('@/screens/StandardsScreen.vue') },
    // Numbers of standards hold slashes (GB/T 14848-2017).
    { path: '/standards/:id(.+)', name: 'standard', component: () => import('@/screens/StandardScreen.vue'), props: true },
    { path: '/network', name: 'network', component: () => import('@/screens/NetworkScreen.vue') },
    { path: '/analysis', name: 'analysis', component: () => import('@/screens/AnalysisScreen.vue') },
    { path: '/alarms', name: 'alarms', component: () => import('@/screens/AlarmsScreen.vue') },
    { path: '/evidence', name: 'evidence', component: () => import('@/screens/EvidenceScreen.vue') },
    { path: '/system', name: 'system', component: () => import('@/screens/SystemScreen.vue') },
    { path: '/api/docs', name: 'docs', component: () => import('@/screens/DocsScreen.vue') },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('@/screens/NowhereScreen.vue') },
  ],
})
