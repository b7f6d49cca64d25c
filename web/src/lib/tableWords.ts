/** Words for the tables of the rule book; what has none is shown as it stands in the file. Loaded with the Standards screens only. */
type Pair = readonly [zh: string, en: string]

const kinds: Record<string, Pair> = {
  noise_limits: ['噪声限值', 'Noise limits'], noise_corrections: ['背景噪声修正', 'Corrections for background noise'], noise_indoor_limits: ['室内噪声限值', 'Indoor noise limits'],
  noise_indoor_octave_limits: ['室内倍频带限值', 'Indoor octave-band limits'], noise_grades: ['声环境质量等级', 'Grades of noise'], octave_bands: ['三分之一倍频程', 'Third-octave bands'], parameters: ['参数', 'Parameters'],
  stack_limits: ['排气筒限值', 'Stack limits'], stack_rates: ['排放速率限值', 'Emission rates by stack height'], reference_oxygen: ['基准氧含量', 'Reference oxygen'], fugitive_limits: ['无组织排放限值', 'Limits at the boundary'],
  effluent_limits: ['水污染物排放限值', 'Effluent limits'], groundwater_limits: ['地下水分类指标', 'Groundwater classes'], soil_farm_limits: ['农用地土壤风险值', 'Farm land: screening and intervention'],
  soil_construction_limits: ['建设用地土壤风险值', 'Construction land: screening and intervention'], soil_index_grades: ['土壤污染指数分级', 'Grades of soil indices'], score_grades: ['能力验证结果判定', 'Grades of z scores'], choices: ['文本规定', 'Decisions without a figure'],
  air_limits: ['环境空气浓度限值', 'Limits of ambient air'], air_reference_state: ['气体状态', 'State of gases'], air_statistics: ['年评价统计', 'Statistics of a year'], air_rounding: ['数值修约', 'Digits of pollutants'], air_index: ['综合指数', 'Composite index'],
  units: ['计量单位', 'Units'], water_limits: ['地表水限值', 'Limits of surface water'], water_source_limits: ['饮用水源地限值', 'Drinking-water sources'], water_status: ['水质状况', 'Status of waters'], water_priority: ['主要污染指标次序', 'Items named first'],
  water_decimals: ['水质项目位数', 'Digits of water items'], black_odorous: ['黑臭分级', 'Black-odorous waters'], trophic_items: ['营养状态指数', 'Items of the trophic index'], trophic_grades: ['营养状态分级', 'Trophic grades'], emf_limits: ['电磁环境限值', 'Electromagnetic limits'],
  rain_grades: ['降水酸度', 'Acidity of rain'], ecology_weights: ['生态指标权重', 'Weights of ecological indices'], ecology_grades: ['生态状况分级', 'Ecological grades'], ecology_changes: ['生态变化分级', 'Degrees of ecological change'], ecology_terms: ['生态分指数权重', 'Weights within the sub-indices'],
  factors: ['监测因子编码', 'Factor codes'], flags: ['数据标记', 'Device flags'], systems: ['系统编码', 'System codes'], commands: ['命令', 'Commands'], request_returns: ['请求返回', 'Request returns'], execution_returns: ['执行结果', 'Execution results'],
  infos: ['现场端信息编码', 'Info codes'], deviations: ['规约偏离', 'Deviations'], qc_limits: ['质控要求', 'Quality control'], comparison_limits: ['比对误差限值', 'Comparison limits'], comparison_passes: ['比对合格次数', 'Passes of comparisons'],
  aqi_items: ['AQI 实时项目', 'Items of the hourly AQI'], aqi_daily_items: ['AQI 日报项目', 'Items of the daily AQI'], aqi_breakpoints: ['IAQI 分段', 'Break points of IAQI'], aqi_categories: ['AQI 级别', 'Categories of AQI'], aqi_sensitive_groups: ['敏感人群', 'Sensitive groups'],
  cems_accuracy: ['CEMS 准确度', 'CEMS accuracy'], cems_drift: ['CEMS 校准', 'CEMS calibration'], cems_indication: ['CEMS 示值误差', 'CEMS indication'], cems_substitution: ['CEMS 数据替代', 'CEMS substitution'], gamma_background: ['γ 天然本底', 'Natural gamma background'],
  rank_correlation: ['秩相关系数临界值', 'Critical values of rank correlation'], marking_words: ['人工标记用语', 'Words of marks'], item_sets: ['项目组', 'Sets of items'], item_factors: ['项目与因子编码', 'Items and their factor codes'],
}

const columns: Record<string, Pair> = {
  zone: ['功能区类别', 'zone'], day: ['昼间', 'day'], night: ['夜间', 'night'], night_frequent_over: ['夜间频发超出', 'frequent at night'], night_occasional_over: ['夜间偶发超出', 'occasional at night'], difference_from: ['差值起', 'difference from'], difference_to: ['差值止', 'difference to'],
  correction: ['修正值', 'correction'], room: ['房间类型', 'room'], period: ['时段', 'period'], band_hz: ['频带 Hz', 'band Hz'], limit: ['限值', 'limit'], name: ['名称', 'name'], value: ['数值', 'value'], unit: ['单位', 'unit'], category: ['类别', 'category'], unit_type: ['设施类型', 'kind of plant'],
  item: ['项目', 'item'], condition: ['条件', 'condition'], oxygen: ['氧含量 %', 'oxygen %'], table: ['表', 'table'], name_zh: ['中文名', 'Chinese name'], name_en: ['英文名', 'English name'], rule: ['规则', 'rule'], I: ['Ⅰ类', 'I'], II: ['Ⅱ类', 'II'], III: ['Ⅲ类', 'III'], IV: ['Ⅳ类', 'IV'], V: ['Ⅴ类', 'V'],
  land: ['用地', 'land'], ph_above: ['pH >', 'pH >'], ph_to: ['pH ≤', 'pH ≤'], ph_below: ['pH <', 'pH <'], stack_m: ['排气筒高 m', 'stack m'], max_concentration: ['最高浓度', 'highest concentration'], grade2: ['二级', 'grade 2'], grade3: ['三级', 'grade 3'], grade1: ['一级', 'grade 1'], note: ['说明', 'note'], low: ['下限', 'low'],
  high: ['上限', 'high'], mean: ['均值', 'mean'], grade: ['等级', 'grade'], hi: ['上界', 'upper'], lo: ['下界', 'lower'], hi_inclusive: ['含上界', 'upper included'], lo_inclusive: ['含下界', 'lower included'], choice: ['选择', 'choice'], pollutant: ['污染物', 'pollutant'], group: ['组', 'group'],
  state: ['状态', 'state'], temperature: ['温度', 'temperature'], pressure: ['压力', 'pressure'], symbol: ['符号', 'symbol'], quantity: ['量', 'quantity'], power: ['10 的幂', 'power of ten'], aliases: ['别名', 'aliases'], nominal_hz: ['标称 Hz', 'nominal Hz'], exact_hz: ['准确 Hz', 'exact Hz'], lower_hz: ['下限 Hz', 'lower Hz'],
  upper_hz: ['上限 Hz', 'upper Hz'], octave: ['倍频程', 'octave'], a_weight: ['A 计权 dB', 'A weight dB'], screening_1: ['筛选值 一类', 'screening 1'], screening_2: ['筛选值 二类', 'screening 2'], intervention_1: ['管制值 一类', 'intervention 1'], intervention_2: ['管制值 二类', 'intervention 2'],
  no: ['序号', 'no'], factor: ['因子编码', 'factor'], body: ['水体', 'water body'], decimals: ['小数位', 'decimals'], automatic: ['自动站评价', 'automatic'], basic: ['基本项目', 'basic'], index: ['指数', 'index'], weight: ['权重', 'weight'], inverted: ['取反', 'inverted'], level: ['级别', 'level'],
  level_zh: ['级别（中）', 'level (zh)'], level_en: ['级别（英）', 'level (en)'], from: ['自', 'from'], below: ['至', 'below'], code: ['编码', 'code'], printed_unit: ['原文单位', 'printed unit'], total_unit: ['总量单位', 'unit of amounts'], format: ['格式', 'format'], code_2005: ['2005 编码', 'code of 2005'],
  scheme: ['方案', 'scheme'], flag: ['标记', 'flag'], meaning_zh: ['含义', 'meaning (zh)'], meaning_en: ['含义（英）', 'meaning'], measurement: ['可用于评价', 'measurement'], zh: ['中文', 'Chinese'], en: ['英文', 'English'], type: ['类型', 'type'], values: ['取值', 'values'], check: ['检查', 'check'],
  criterion: ['指标', 'criterion'], pairs: ['对数', 'pairs'], passes: ['合格数', 'passes'], column: ['列', 'column'], above_top: ['超上限时', 'above the top'], iaqi: ['IAQI', 'IAQI'], concentration: ['浓度', 'concentration'], groups: ['人群', 'groups'], daily: ['日', 'daily'], percentile: ['百分位', 'percentile'],
  verdict_decimals: ['判定位数', 'decimals of verdicts'], statistic: ['统计量', 'statistic'], statistics: ['统计位数', 'digits of statistics'], verdict: ['判定', 'verdict'], region: ['地区', 'region'], place: ['场所', 'place'], scope: ['范围', 'scope'], order: ['次序', 'order'], color: ['颜色', 'colour'], classes: ['类别', 'classes'],
  a: ['a', 'a'], b: ['b', 'b'], r2: ['r²', 'r²'], n: ['n', 'n'], significance: ['显著性', 'significance'], critical: ['临界值', 'critical'], light: ['轻度', 'light'], heavy: ['重度', 'heavy'], side: ['方面', 'side'], word: ['用语', 'word'], set: ['组', 'set'], hourly: ['小时', 'hourly'], evaluation: ['评价', 'evaluation'],
  parameter: ['参数', 'parameter'], technical: ['技术指标', 'technical'], control: ['失控指标', 'out of control'], mode: ['方式', 'mode'], interval: ['周期', 'interval'], interval_unit: ['周期单位', 'unit of interval'], indicator: ['指标', 'indicator'], cause: ['原因', 'cause'],
}

const of = (table: Record<string, Pair>, key: string, zh: boolean): string => table[key]?.[zh ? 0 : 1] ?? key
export const kindWord = (kind: string, zh: boolean): string => of(kinds, kind, zh)
export const columnWord = (column: string, zh: boolean): string => of(columns, column, zh)
export const knownKinds = Object.keys(kinds)
