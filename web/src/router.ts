import { createRouter, createWebHistory } from 'vue-router'

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
    { path: '/alarms', name: 'alarms', component: () => import('@/screens/AlarmsScreen.vue') },
    { path: '/evidence', name: 'evidence', component: () => import('@/screens/EvidenceScreen.vue') },
    { path: '/system', name: 'system', component: () => import('@/screens/SystemScreen.vue') },
    { path: '/api/docs', name: 'docs', component: () => import('@/screens/DocsScreen.vue') },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('@/screens/NowhereScreen.vue') },
  ],
})
