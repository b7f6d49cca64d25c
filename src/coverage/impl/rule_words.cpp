#include "rule_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mj::coverage {

registry::LocalName not_known(const std::vector<std::string>& attributes) {
  const std::string list = fmt::format("{}", fmt::join(attributes, ", "));
  return {fmt::format("登记册中无 {}，所需数量可能偏低", list),
          fmt::format("the register does not know {}; more may be required", list)};
}

registry::LocalName only_since(registry::Day day) {
  return {fmt::format("只计 {} 起新增的点位", to_text(day)),
          fmt::format("only points new since {}", to_text(day))};
}

registry::LocalName not_registered(int records) {
  return {fmt::format("尚未登记的 {} 个", records), fmt::format("{} not registered yet", records)};
}

registry::LocalName expected_and_known(int expected, int known) {
  return {fmt::format("文件列 {} 个，登记册中有 {} 个", expected, known),
          fmt::format("the document speaks of {}, the register holds {}", expected, known)};
}

registry::LocalName rivers_without_line(std::size_t rivers, std::size_t known) {
  return {fmt::format("{} 条河流中有 {} 条无河线，无法判定是否跨界", known, rivers),
          fmt::format("{} of {} rivers have no line: where they cross borders is not known", rivers, known)};
}

registry::LocalName crossings_merged(std::size_t crossings, double km) {
  return {fmt::format("相距 {:g} km 以内的 {} 处跨界合并为一处", km, crossings),
          fmt::format("{} crossings within {:g} km of each other count as one", crossings, km)};
}

registry::LocalName places_not_published(const std::vector<std::string>& sections) {
  const std::string list = fmt::format("{}", fmt::join(sections, "、"));
  return {fmt::format("{} 的确切位置未公布，是否在此跨界处无法判定", list),
          fmt::format("where {} stands is not published: whether it is here is not known", list)};
}

registry::LocalName outside() { return {"区外", "outside"}; }

}  // namespace mj::coverage
