#include <fmt/format.h>

#include "conformance_report.hpp"
#include "handlers.hpp"

namespace mj::api {

Result<Answer> get_conformance(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"format"}));
  const Services& services = context.services;
  const std::string format = call.query.find("format").value_or("json");
  if (format != "json" && format != "csv")
    return wrong_parameter("format", fmt::format("must be json or csv, not \"{}\"", format));
  MJ_TRY(const auto devices, read_conformance(services.devices));
  if (format == "json") return json_answer(to_text(conformance_json(services, devices)));
  Answer answer = json_answer(conformance_csv(services, devices));
  answer.content_type = "text/csv; charset=utf-8";
  const std::string day = to_compact(services.clock()).substr(0, 8);
  answer.headers.push_back(
      {"Content-Disposition", fmt::format("attachment; filename=\"mingjian-conformance-{}.csv\"", day)});
  return answer;
}

}  // namespace mj::api
