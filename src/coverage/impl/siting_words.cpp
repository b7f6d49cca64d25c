#include "siting_words.hpp"

#include <algorithm>

namespace mj::coverage {

std::vector<registry::LocalName> siting_assumptions(const Siting& siting, const Ground& ground,
                                                    std::optional<double> grid_step, std::size_t without_place) {
  const SitingRequest& request = siting.request;
  std::vector<registry::LocalName> told;
  const auto say = [&told](std::string zh, std::string en) { told.push_back({std::move(zh), std::move(en)}); };
  say(fmt::format("点位代表其 {:g} km 半径内的全部地面，不考虑地形、风向和污染源", request.radius_km),
      fmt::format("a point stands for all ground within {:g} km; terrain, wind and sources are not considered",
                  request.radius_km));
  if (request.weight == Weight::population)
    say("各区县常住人口在其范围内均匀分布", "the residents of a district are spread evenly over its area");
  else
    say("面积按区县边界（概化）计算", "areas are those of the generalised outlines of districts");
  say(fmt::format("区域划分为 {} 个约 {:.2g} km 的格网，以格心是否在半径内计", siting.cells, siting.cell_km),
      fmt::format("the area is divided into {} cells of about {:.2g} km; a cell counts by its centre",
                  siting.cells, siting.cell_km));
  if (grid_step) {
    say(fmt::format("未给出候选点，取区域内间距 {:.2g} km 格网上的 {} 处，未核实能否建站", *grid_step,
                    request.candidates.size()),
        fmt::format(
            "no candidates were given: {} places of a grid of {:.2g} km, whether a station can stand there is "
            "not known",
            request.candidates.size(), *grid_step));
  }
  if (request.overlap_penalty > 0) {
    say(fmt::format("新点之间每重复覆盖一个单位扣 {:g} 个单位", request.overlap_penalty),
        fmt::format("each unit that chosen sites cover once more counts {:g} units against the choice",
                    request.overlap_penalty));
  }
  if (siting.exact)
    say("已比较全部组合", "every choice was tried");
  else
    say("逐个选取新增最多的点（贪心），可能不是最优组合",
        "chosen one after the other (greedy), which need not be the best");
  if (request.count_planned) say("规划点位视为已覆盖", "planned points count as covering");
  if (!ground.unpopulated.empty()) {
    say(fmt::format("{} 个区县登记册中无人口，按 0 计", ground.unpopulated.size()),
        fmt::format("the register knows no population of {} districts: they weigh nothing",
                    ground.unpopulated.size()));
  }
  if (!ground.unverified.empty()) {
    say(fmt::format("{} 个区县的人口数字未核实", ground.unverified.size()),
        fmt::format("the population of {} districts is not verified", ground.unverified.size()));
  }
  if (const auto approximate = std::ranges::count_if(siting.existing, &ExistingPoint::approximate)) {
    say(fmt::format("{} 个现有点位的确切位置未公布，按所在区县内的近似位置计", approximate),
        fmt::format(
            "where {} of the existing points stand is not published: an approximate place in their district is "
            "taken",
            approximate));
  }
  if (without_place > 0) {
    say(fmt::format("{} 个点位无坐标，未计入", without_place),
        fmt::format("{} points without a place are not counted", without_place));
  }
  if (request.decay_km) {
    const std::string until = request.decay_until ? to_text(*request.decay_until) : std::string();
    say(fmt::format("预期相关系数按现有点位{}的数据拟合：exp(−距离/{:.3g} km)",
                    until.empty() ? "" : fmt::format("截至 {} ", until), *request.decay_km),
        fmt::format("expected correlation as between existing points{}: exp(-distance / {:.3g} km)",
                    until.empty() ? "" : fmt::format(", values until {}", until), *request.decay_km));
  }
  return told;
}

}  // namespace mj::coverage
