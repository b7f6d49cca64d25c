/** Words of the analysis screen. */
export const analysisZh = {
  title: '统计分析',
  modes: { statistics: '统计', trend: '趋势检验', correlation: '相关分析', appraisal: '考核与补偿' },
  modesLabel: '分析方式',
  element: '环境要素', factors: '监测因子', statistics: '统计量', statistic: '统计量', bucket: '时段', group: '统计对象', combine: '多点合并', region: '行政区', points: '只看点位', from: '从', to: '到', quick: '快捷时段',
  combines: { pool: '全部数值合在一起', mean: '先求各点均值（HJ 663 城市法）' },
  buckets: { hour: '小时', day: '日', month: '月', season: '季节', quarter: '季度', year: '年', all: '整段' },
  groups: { point: '点位', district: '区县', city: '市', province: '省', river: '河流', basin: '流域', all: '合计' },
  range: { days7: '近 7 日', days30: '近 30 日', thisMonth: '本月', lastMonth: '上月', thisYear: '今年', lastYear: '去年', months12: '近 12 个月', years5: '近 5 年' },
  exceed: '超标按', exceedStandard: '当时有效的标准限值', exceedThreshold: '给定阈值', threshold: '阈值', grade: '级别', grades: { air: '{n} 级', water: '{n} 类' }, all: '全部', whole: '全部区域',
  run: '查询', cancel: '取消', asking: '正在计算', stale: '条件已改，结果仍是上次查询的', lack: { element: '请选择环境要素', factor: '请选择监测因子', statistic: '请选择统计量', range: '请给出起止日期，起不晚于止', exceed: '请选择超标依据或填写阈值', series: '至少选两个数据序列', scheme: '请选择方案', period: '请选择时段' },
  pick: '输入名称或编码查找', noChoice: '没有匹配的', moreChoices: '另有 {n} 个，请继续输入', drop: '去掉 {what}',
  none: '选好条件后查询。查询条件在地址栏中，可收藏或发给别人。', noValues: '还没有观测值可供统计。现场机上传或用 mingjian import 导入后即可查询。', noRows: '该条件下没有数值。',
  chart: '图', table: '表', subject: '对象', time: '时段', used: '用到的数值', cut: '结果超过 2 万行，仅显示前面的；导出文件可得 100 万行。', shown: '图中显示 {n} / {all} 条', legend: '图例，点击显示或隐藏', exportAs: '导出 {format}', notes: '说明', noteCount: '{n} 个', took: '用时 {t}', position: '依据存证日志前 {n} 条', periodUsed: '用的是{period}数据', noCell: '该时段没有数值', openFigure: '点击数值看计算步骤并出证', sheetOf: '计算步骤：{what}', png: '图片', gap: '断开 = 该时段没有数值',
  trend: { inference: '斜率、p 值与置信限是统计推断，不是监测数据，没有证据包；所用的每个均值都可在“统计”中出证。', seasonal: '按季节比较（季节性 Kendall）', confidence: '置信水平', n: 'n', s: 'S', z: 'Z', p: 'p', tau: 'τ', verdict: '结论', slope: 'Sen 斜率', perYear: '{unit}/年', limits: '置信区间', verdicts: { rising: '上升', falling: '下降', none: '无显著趋势' }, line: 'Sen 直线', band: '斜率 {n}% 置信限', sample: '样本', pickRow: '选择一行看图', bandNote: '置信限的直线过样本中点', none: '不能检验', above: '高于 {c}% 置信水平', variance: 'S 的方差' },
  correlation: { inference: '相关系数与 p 值是统计推断，不是监测数据，没有证据包；所用的每个均值都可在“统计”中出证。', a: '序列', b: '对比序列（留空则两两比较）', add: '加入序列', series: '{element} · {factor} · {subject}', method: '方法', methods: { pearson: 'Pearson', spearman: 'Spearman（秩）' }, r: 'r', p: 'p', n: 'n', matrix: '相关矩阵', scatter: '散点图', pair: '{a} 与 {b}', pickCell: '选择一格看散点图', none: '不能计算', subjectKind: '对象', subject: '对象编号', back: '全部序列', toB: '作为对比序列', scale: '颜色按 r：−1 至 1', own: '同一序列' },
  appraisal: { scheme: '方案', period: '时段', none: '没有方案。方案是 rules/appraisal 中的数据。', kinds: { score: '考核评分', compensation: '生态补偿' }, example: '示例，无文件依据', document: '依据', source: '出处', valid: '有效期', rank: '名次', total: '合计', subject: '对象', veto: '一票否决', incomplete: '有缺项', item: '项目', figure: '数值', points: '得分', most: '满分', why: '说明', steps: '计算步骤', sheet: '评分表', payments: '补偿明细', payer: '支付方', receiver: '受偿方', about: '依据对象', amount: '金额', balances: '收支汇总', pays: '支付', receives: '受偿', net: '净额', noRows: '该时段没有可评的对象。', weight: '满分 {n}', clause: '条款', made: '计算于 {at}', until: '至 {to}', further: '长期', items: '项目与权重', figureOf: '数值来源' },
}
export type AnalysisWords = typeof analysisZh
