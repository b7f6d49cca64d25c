/** Districts and counties of Chongqing: name in the map file → present Chinese and English name. */
export const districts: Record<string, { zh: string; en: string }> = {
  万州区: { zh: '万州区', en: 'Wanzhou' },
  涪陵区: { zh: '涪陵区', en: 'Fuling' },
  渝中区: { zh: '渝中区', en: 'Yuzhong' },
  大渡口区: { zh: '大渡口区', en: 'Dadukou' },
  江北区: { zh: '江北区', en: 'Jiangbei' },
  沙坪坝区: { zh: '沙坪坝区', en: 'Shapingba' },
  九龙坡区: { zh: '九龙坡区', en: 'Jiulongpo' },
  南岸区: { zh: '南岸区', en: "Nan'an" },
  北碚区: { zh: '北碚区', en: 'Beibei' },
  綦江区: { zh: '綦江区', en: 'Qijiang' },
  大足区: { zh: '大足区', en: 'Dazu' },
  渝北区: { zh: '渝北区', en: 'Yubei' },
  巴南区: { zh: '巴南区', en: 'Banan' },
  黔江区: { zh: '黔江区', en: 'Qianjiang' },
  长寿区: { zh: '长寿区', en: 'Changshou' },
  江津区: { zh: '江津区', en: 'Jiangjin' },
  合川区: { zh: '合川区', en: 'Hechuan' },
  永川区: { zh: '永川区', en: 'Yongchuan' },
  南川区: { zh: '南川区', en: 'Nanchuan' },
  璧山区: { zh: '璧山区', en: 'Bishan' },
  铜梁区: { zh: '铜梁区', en: 'Tongliang' },
  潼南区: { zh: '潼南区', en: 'Tongnan' },
  荣昌区: { zh: '荣昌区', en: 'Rongchang' },
  开州区: { zh: '开州区', en: 'Kaizhou' },
  梁平县: { zh: '梁平区', en: 'Liangping' },
  武隆县: { zh: '武隆区', en: 'Wulong' },
  城口县: { zh: '城口县', en: 'Chengkou' },
  丰都县: { zh: '丰都县', en: 'Fengdu' },
  垫江县: { zh: '垫江县', en: 'Dianjiang' },
  忠县: { zh: '忠县', en: 'Zhongxian' },
  云阳县: { zh: '云阳县', en: 'Yunyang' },
  奉节县: { zh: '奉节县', en: 'Fengjie' },
  巫山县: { zh: '巫山县', en: 'Wushan' },
  巫溪县: { zh: '巫溪县', en: 'Wuxi' },
  石柱土家族自治县: { zh: '石柱县', en: 'Shizhu' },
  秀山土家族苗族自治县: { zh: '秀山县', en: 'Xiushan' },
  酉阳土家族苗族自治县: { zh: '酉阳县', en: 'Youyang' },
  彭水苗族土家族自治县: { zh: '彭水县', en: 'Pengshui' },
}

const byPresentName = new Map(Object.values(districts).map((name) => [name.zh, name.en]))

/** The English name of a district that the register knows by its Chinese name only; the name itself when it is not of Chongqing. */
export function districtInEnglish(zh: string): string {
  return byPresentName.get(zh) ?? districts[zh]?.en ?? zh
}
