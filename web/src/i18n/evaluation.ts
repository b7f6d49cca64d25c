/** Words of the element pages. */
export const evaluationZh = {
  views: { map: '地图', ranking: '排名', calendar: '日历', trend: '趋势', compliance: '达标' },
  pages: { air: '环境空气', water: '水环境', soil: '土壤环境', noise: '声环境', radiation: '辐射环境', ecology: '生态', sources: '污染源' },
  elements: {
    air: '环境空气', precipitation: '降水', water: '地表水', surface_water: '地表水', lake: '湖库', groundwater: '地下水', drinking_source: '饮用水水源', black_odorous: '黑臭水体', soil: '土壤', noise: '声环境',
    radiation: '辐射', ecology: '生态', source: '污染源', sources: '污染源',
  },
  element: '要素', view: '视图', period: '周期', at: '时段', periods: { hour: '小时', day: '日', month: '月', quarter: '季', year: '年' }, earlier: '上一时段', later: '下一时段', newest: '最新',
  level: '层级', levels: { point: '点位', district: '区县', city: '城市', province: '省', river: '河流', basin: '流域', lake: '湖库' }, kinds: { point: '点位', district: '区县', city: '城市', province: '省', river: '河流', basin: '流域', lake: '湖库' }, indicator: '指标',
  subject: '对象', region: '区域', value: '数值', grade: '等级', ungraded: '未评价', rank: '名次', rankProof: '名次没有自己的计算：名次的证明就是被排名数值的证明', tied: '并列', change: '同比变化', primary: '首要污染物', deciding: { air: '首要污染物', water: '定类因子', sources: '超标因子', other: '主要因子' }, complete: '数据有效性', valid: '有效', incomplete: '数据不足',
  standard: '依据标准', verification: '核实', reason: '原因', unit: '单位', inputs: '输入数据', madeAt: '评价于 {at}', run: '批次 {n}', missing: '没有数值',
  best: '前列', worst: '后列', distribution: '等级分布', byValue: '按数值分级', since: '{at} 起', all: '全部', shown: '显示 {n} / {all}', ranked: '参加排名 {n}', legend: '图例：点击隐藏或显示', mapPoints: '点位 {n}', mapAreas: '区域 {n}',
  calendar: '{year} 年日历', chooseSubject: '选择对象', days: '天数', noDay: '无评价', calendarHint: '方向键移动，回车查看当日',
  trend: '趋势', trendOf: '{what} 趋势', span: '时间范围', limit: '限值', noLimit: '无限值', from: '起', to: '止', chooseFrom: '起始日', chooseTo: '截止日', gaps: '缺失处断开，不插值', hollow: '空心：数据不足',
  compliance: '达标情况', compliantDays: '达标天数', evaluatedDays: '评价天数', rate: '达标率', exceedances: '超标清单', noExceedances: '没有超标。', byGrade: '各等级天数', exceedTimes: '超标倍数', overall: '合计', date: '日期', limitValue: '限值',
  sheet: '计算过程', sheetInputs: '输入', sheetSteps: '步骤', sheetStandards: '依据', sheetCut: '共 {n} 项，显示前 {shown} 项', showAll: '全部显示', used: '采用', notUsed: '未采用', entry: '存证', figure: '结果', prove: '出证', noProof: '该数值由多项输入算得，逐项出证', step: '步骤', rounding: '修约',
  copySheet: '复制计算过程', downloadSheet: '下载计算过程', clause: '条款', openStandard: '查看标准', raw: '修约前',
  runs: '评价批次', running: '正在评价', progress: '{done} / {total} · 每秒 {rate} · 约余 {left}', cancel: '停止', evaluateNow: '评价该时段', evaluateWhy: '按现行数据和标准重新计算该时段的结果；旧结果由新批次取代，批次留存。', failed: '评价失败', cancelled: '已停止', done: '完成',
  doubtful: '其中用到未核实的限值', doubtfulSays: '标“？”的限值尚未与标准原文核对，结果可能改变。可在本地标准目录中更正。',
  empty: {
    title: '还没有评价结果', page: '此处显示{element}的评价结果。现场机上传或导入数据后自动评价。导入：', none: '该时段没有结果。换一个时段，或评价该时段。', upload: '在页面上传文件', who: '姓名', why: '事由', elements: '该要素尚未启用评价。', subject: '选择一个对象查看。', offMap: '这些结果没有位置，见排名。',
    import: { air: '空气质量数据.csv', water: '水质监测数据.csv', soil: '土壤监测数据.csv', noise: '噪声监测数据.csv', radiation: '辐射监测数据.csv', ecology: '生态指标.csv', sources: '污染源监测数据.csv' },
  },
  xlsx: '导出 XLSX', csv: '导出 CSV', close: '关闭', search: '查找对象', filter: '筛选',
}

export const evaluationEn: typeof evaluationZh = {
  views: { map: 'Map', ranking: 'Ranking', calendar: 'Calendar', trend: 'Trend', compliance: 'Compliance' },
  pages: { air: 'Ambient air', water: 'Water', soil: 'Soil', noise: 'Noise', radiation: 'Radiation', ecology: 'Ecology', sources: 'Pollution sources' },
  elements: {
    air: 'Ambient air', precipitation: 'Precipitation', water: 'Surface water', surface_water: 'Surface water', lake: 'Lakes', groundwater: 'Groundwater', drinking_source: 'Drinking-water sources', black_odorous: 'Black-odorous waters', soil: 'Soil', noise: 'Noise',
    radiation: 'Radiation', ecology: 'Ecology', source: 'Pollution sources', sources: 'Pollution sources',
  },
  element: 'Element', view: 'View', period: 'Period', at: 'Which period', periods: { hour: 'Hour', day: 'Day', month: 'Month', quarter: 'Quarter', year: 'Year' }, earlier: 'Previous period', later: 'Next period', newest: 'Newest',
  level: 'Level', levels: { point: 'Points', district: 'Districts', city: 'Cities', province: 'Provinces', river: 'Rivers', basin: 'Basins', lake: 'Lakes' }, kinds: { point: 'Point', district: 'District', city: 'City', province: 'Province', river: 'River', basin: 'Basin', lake: 'Lake' }, indicator: 'Indicator',
  subject: 'Subject', region: 'Region', value: 'Value', grade: 'Grade', ungraded: 'Not graded', rank: 'Rank', rankProof: 'A place has no arithmetic of its own: its proof is that of the figure it ranks', tied: 'tied', change: 'Change on year', primary: 'Primary pollutant', deciding: { air: 'Primary pollutant', water: 'Deciding factor', sources: 'Exceeding factor', other: 'Main factor' }, complete: 'Data validity', valid: 'Valid', incomplete: 'Too few data',
  standard: 'Standard', verification: 'Checked', reason: 'Reason', unit: 'Unit', inputs: 'Inputs', madeAt: 'Evaluated {at}', run: 'Run {n}', missing: 'No value',
  best: 'Best', worst: 'Worst', distribution: 'Shares by grade', byValue: 'Classes of values', since: 'From {at}', all: 'All', shown: '{n} of {all} shown', ranked: '{n} ranked', legend: 'Legend: click to hide or show', mapPoints: 'Points {n}', mapAreas: 'Areas {n}',
  calendar: 'Calendar of {year}', chooseSubject: 'Choose a subject', days: 'Days', noDay: 'Not evaluated', calendarHint: 'Arrow keys move, Enter opens the day',
  trend: 'Trend', trendOf: 'Trend of {what}', span: 'Time range', limit: 'Limit', noLimit: 'No limit', from: 'From', to: 'to', chooseFrom: 'First day', chooseTo: 'Last day', gaps: 'Missing values are gaps, never interpolated', hollow: 'Hollow: too few data',
  compliance: 'Compliance', compliantDays: 'Days complying', evaluatedDays: 'Days evaluated', rate: 'Compliance rate', exceedances: 'Exceedances', noExceedances: 'No exceedances.', byGrade: 'Days by grade', exceedTimes: 'Exceed multiple', overall: 'Total', date: 'Date', limitValue: 'Limit',
  sheet: 'Calculation', sheetInputs: 'Inputs', sheetSteps: 'Steps', sheetStandards: 'Standards', sheetCut: '{n} in all, the first {shown} shown', showAll: 'Show all', used: 'used', notUsed: 'not used', entry: 'Evidence', figure: 'Result', prove: 'Prove it', noProof: 'Computed from several inputs: prove them one by one', step: 'Step', rounding: 'Rounding',
  copySheet: 'Copy the calculation', downloadSheet: 'Download the calculation', clause: 'Clause', openStandard: 'Open the standard', raw: 'before rounding',
  runs: 'Evaluation runs', running: 'Evaluating', progress: '{done} of {total} · {rate} per second · {left} left', cancel: 'Stop', evaluateNow: 'Evaluate this period', evaluateWhy: 'Computes the results of this period again from the data and standards as they are now; a new run takes the place of the old results, and stays on record.', failed: 'The evaluation failed', cancelled: 'Stopped', done: 'Done',
  doubtful: 'Rests on limits nobody has checked', doubtfulSays: 'Limits marked “?” have not been compared with the text of the standard yet; the result may change. They can be corrected in the folder of local standards.',
  empty: {
    title: 'No results yet', page: 'Results of the evaluation of {element} are shown here. Data that devices send or that are imported are evaluated by themselves. To import:', none: 'There are no results of this period. Choose another one, or evaluate it.', upload: 'Hand a file over on the page', who: 'NAME', why: 'REASON', elements: 'This element is not evaluated yet.', subject: 'Choose a subject to look at.', offMap: 'These results have no place on the map; see the ranking.',
    import: { air: 'air-quality.csv', water: 'water-quality.csv', soil: 'soil.csv', noise: 'noise.csv', radiation: 'radiation.csv', ecology: 'ecology-indices.csv', sources: 'outlets.csv' },
  },
  xlsx: 'Export XLSX', csv: 'Export CSV', close: 'Close', search: 'Find a subject', filter: 'Filter',
}
