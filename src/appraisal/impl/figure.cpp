// Names and sheets of figures of appraisals.
#include "mj/appraisal/figure.hpp"

#include <algorithm>

#include "appraise_with.hpp"
#include "figure_writer.hpp"
#include "mj/statistics/figure.hpp"

namespace mj::appraisal {

using evaluation::EvaluationPeriod;
using standards::Text;

std::string FigureName::text() const {
  return fmt::format("appraisal/{}/{}/{}/{}/{}", evaluation::proof_part(scheme), evaluation::proof_part(subject),
                     evaluation::proof_part(indicator), to_compact(from), to_compact(to));
}

Result<FigureName> FigureName::parse(std::string_view name) {
  const auto parts = statistics::parts_of_name(name);
  FigureName figure;
  if (parts && parts->size() == 6 && parts->front() == "appraisal") {
    const auto from = parse_compact((*parts)[4]);
    const auto to = parse_compact((*parts)[5]);
    if (from && to) {
      figure = {(*parts)[1], (*parts)[2], (*parts)[3], *from, *to};
      if (figure.text() == name) return figure;
    }
  }
  return Error(
      ErrorCode::invalid_input,
      fmt::format("\"{}\" is no appraisal/<scheme>/<subject>/<indicator>/<from>/<to>", name.substr(0, 200)));
}

struct Sheets::Impl {
  const FigureSources& sources;
  std::span<const Scheme> schemes;
  std::map<std::pair<std::string, Instant>, MadeAppraisal> made = {};

  Result<const MadeAppraisal*> of(const FigureName& name) {
    const auto scheme = std::ranges::find(schemes, name.scheme, &Scheme::id);
    if (scheme == schemes.end())
      return Error(ErrorCode::not_found, fmt::format("there is no scheme \"{}\"", name.scheme));
    const auto period = EvaluationPeriod::of(scheme->period, name.from);
    if (period.begin != name.from || period.end() != name.to) return no_such_figure(name);
    const std::pair key(name.scheme, name.from);
    if (const auto known = made.find(key); known != made.end()) return &known->second;
    MadeAppraisal fresh;
    fresh.scheme = &*scheme;
    MJ_TRY(fresh.appraisal, appraise_with(*scheme, period, sources, fresh.figures));
    return &made.emplace(key, std::move(fresh)).first->second;
  }
};

Sheets::Sheets(const FigureSources& sources, std::span<const Scheme> schemes)
    : impl_(std::make_unique<Impl>(Impl{sources, schemes})) {}
Sheets::~Sheets() = default;

Result<FigureSheet> Sheets::sheet(const FigureName& name) {
  MJ_TRY(const MadeAppraisal* made, impl_->of(name));
  FigureSheet sheet;
  sheet.name = name;
  MJ_CHECK(write_figure(*made, sheet));
  return sheet;
}

Result<FigureSheet> Sheets::explained(const FigureName& name) {
  MJ_TRY(FigureSheet made, sheet(name));
  bool looked = false;
  for (const evaluation::SheetInput& input : made.sheet.inputs) {
    if (made.sheet.prove.empty()) break;
    Text obstacle;
    if (input.prove.starts_with("appraisal/")) {
      if (looked) continue;
      looked = true;
      MJ_TRY(const FigureName of, FigureName::parse(input.prove));
      MJ_TRY(const FigureSheet child, explained(of));
      obstacle = child.sheet.unproved;
    } else if (impl_->sources.obstacle) {
      MJ_TRY(obstacle, impl_->sources.obstacle(input.prove));
    }
    if (obstacle.zh.empty()) continue;
    made.sheet.prove.clear();
    made.sheet.unproved = {input.label + "：" + obstacle.zh, input.label + ": " + obstacle.en};
  }
  return made;
}

std::function<Result<evaluation::Sheet>(std::string_view name)> made_sheets(const Platform& platform,
                                                                            std::span<const Scheme> schemes) {
  struct Kept {
    Platform platform;
    FigureSources sources;
    Sheets sheets;
    Kept(const Platform& of, std::span<const Scheme> all)
        : platform(of), sources(platform_figures(platform)), sheets(sources, all) {}
  };
  return [kept = std::make_shared<Kept>(platform, schemes)](std::string_view name) -> Result<evaluation::Sheet> {
    if (name.starts_with("statistic/")) {
      MJ_TRY(const auto question, statistics::FigureQuestion::parse(name));
      MJ_TRY(auto made, statistics::figure_sheet(kept->platform.statistics, question, kept->platform.patience));
      return std::move(made.sheet);
    }
    MJ_TRY(const FigureName figure, FigureName::parse(name));
    MJ_TRY(FigureSheet made, kept->sheets.sheet(figure));
    return std::move(made.sheet);
  };
}

}  // namespace mj::appraisal
