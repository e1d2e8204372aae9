#include "plugin/render/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/human.h"
#include "base/unicode.h"
#include "io/file_system.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin::render {
namespace {

using explain::ProjectReport;
using explain::ServiceReport;

constexpr std::string_view kNothing = "–";
// `http://localhost:8080/`: less of a URL says too little.
constexpr std::size_t kShortestUrl = 22;

std::vector<const ServiceReport*> chosen(const ProjectReport& project,
                                         const std::vector<std::string>& names) {
  std::vector<const ServiceReport*> services;
  for (const ServiceReport& service : project.services) {
    const bool wanted =
        names.empty() || std::find(names.begin(), names.end(), service.name) != names.end();
    if (wanted) services.push_back(&service);
  }
  return services;
}

std::string or_nothing(const std::string& text) {
  return text.empty() ? std::string(kNothing) : text;
}

std::string name_of(const ServiceReport& service) {
  std::string name = service.name;
  if (service.containers > 1) name += fmt::format(" ×{}", service.containers);
  return name;
}

Cell url_cell(const ServiceReport& service) {
  if (service.urls.empty()) return {std::string(kNothing), Paint::dim, {}};
  return {service.urls.front().text, Paint::plain, service.urls.front().text};
}

struct Columns {
  bool project = false;  // In a pipe, where several projects share one table.
  bool latency = false;
  bool restarts = false;
};

// The order in which columns leave: P90, RESTARTS, URL, UP, HEALTH.
std::vector<Column> columns_of(const Columns& which, const Style& style) {
  std::vector<Column> columns = {{"", 0}};
  if (which.project) columns.push_back({"PROJECT", 0});
  columns.push_back({"SERVICE", 0});
  columns.push_back({"STATE", 0, 9});
  columns.push_back({"HEALTH", 1, 15});
  if (which.latency) columns.push_back({"P90", 5, 6});
  columns.push_back({"UP", 2, 7});
  if (which.restarts) columns.push_back({"RESTARTS", 4});
  columns.push_back({"URL", 3, 0, kShortestUrl});
  if (!style.terminal()) columns.push_back({"REASON", 0});
  return columns;
}

Row row_of(const std::string& project, const ServiceReport& service, const Columns& which,
           const Style& style) {
  const Paint paint = paint_of(service.tone);
  Row row;
  row.cells.push_back({std::string(symbol(style, service.symbol)), paint, {}});
  if (which.project) row.cells.push_back({project, Paint::plain, {}});
  row.cells.push_back({name_of(service), Paint::bold, {}});
  row.cells.push_back({service.state_word, paint, {}});
  row.cells.push_back({or_nothing(service.health), Paint::plain, {}});
  if (which.latency) {
    row.cells.push_back({service.latency ? human_latency(service.latency->p90) : "", {}, {}});
  }
  row.cells.push_back({or_nothing(service.up), Paint::plain, {}});
  if (which.restarts) row.cells.push_back({std::to_string(service.restarts), Paint::plain, {}});
  row.cells.push_back(url_cell(service));
  if (style.terminal()) {
    row.note = service.reason;
  } else {
    row.cells.push_back({or_nothing(service.reason), Paint::plain, {}});
  }
  return row;
}

Columns columns_wanted(const std::vector<const ServiceReport*>& services, bool latency,
                       const Style& style) {
  Columns which;
  which.latency = latency && std::any_of(services.begin(), services.end(), [](const auto* service) {
                    return service->latency.has_value();
                  });
  // Scripts want the same columns every time; people only those that say something.
  which.restarts =
      !style.terminal() || std::any_of(services.begin(), services.end(),
                                       [](const auto* service) { return service->restarts > 0; });
  return which;
}

// Where the URL has left, the name leads there.
void link_names(Table& table, const std::vector<const ServiceReport*>& services,
                const Style& style) {
  const std::vector<std::size_t> columns = fitting_columns(table, style);
  const bool has_url = std::any_of(columns.begin(), columns.end(), [&table](std::size_t column) {
    return table.columns[column].header == "URL";
  });
  if (has_url) return;
  for (std::size_t i = 0; i < services.size(); ++i) {
    if (!services[i]->urls.empty()) table.rows[i].cells[1].link = services[i]->urls.front().text;
  }
}

// Name, files and summary on one line; what does not fit goes below, indented.
void add_headline(std::vector<std::string>& lines, const ProjectReport& project,
                  const Style& style) {
  const std::string files = spelled(style, project.files);
  const std::string summary = spelled(style, project.summary);
  const std::size_t width = display_width(project.name) + 3 +
                            (files.empty() ? 0 : display_width(files) + 3) + display_width(summary);
  std::string line = painted(style, Paint::bold, project.name);
  if (!files.empty()) line += "   " + painted(style, Paint::dim, files);
  const bool fits = style.full || width <= static_cast<std::size_t>(style.width);
  if (fits) {
    lines.push_back(line + "   " + summary);
    return;
  }
  const std::size_t room = static_cast<std::size_t>(style.width) - 3;
  const std::size_t taken = display_width(project.name) + 3;
  const std::size_t left = room > taken ? room - taken : 0;
  lines.push_back(painted(style, Paint::bold, truncate_to_width(project.name, room)));
  if (!files.empty() && left > 0) {
    lines.back() += "   " + painted(style, Paint::dim, truncate_to_width(files, left));
  }
  for (const std::string& part : wrap(summary, room)) lines.push_back("   " + part);
}

void add_notice(std::vector<std::string>& lines, const ProjectReport& project, const Style& style) {
  if (project.notice.empty()) return;
  for (const std::string& line :
       wrap(spelled(style, project.notice), static_cast<std::size_t>(std::max(style.width, 20)))) {
    lines.push_back(painted(style, Paint::bad, line));
  }
}

Cell overview_symbol(const ProjectReport& project, const Style& style) {
  const bool bad =
      std::any_of(project.services.begin(), project.services.end(),
                  [](const ServiceReport& service) { return service.tone == explain::Tone::bad; });
  if (bad) return {style.utf8 ? "▲" : "!", Paint::bad, {}};
  if (project.waiting) return {style.utf8 ? "◐" : "~", Paint::waiting, {}};
  if (project.all_good) return {style.utf8 ? "●" : "*", Paint::good, {}};
  return {style.utf8 ? "○" : "o", Paint::dim, {}};
}

// Where the first of `/home/me/shop/compose.yaml + …` lies.
std::string directory_of(const std::string& files) {
  const std::string first = files.substr(0, files.find(" + "));
  return first.starts_with('/') ? io::parent_path(first) : std::string();
}

std::vector<std::string> overview_for_pipe(const std::vector<ProjectReport>& projects,
                                           const Style& style) {
  Columns which;
  which.project = which.restarts = true;
  Table table{columns_of(which, style), {}};
  for (const ProjectReport& project : projects) {
    for (const ServiceReport& service : project.services) {
      table.rows.push_back(row_of(project.name, service, which, style));
    }
  }
  return lay_out(table, style);
}

}  // namespace

std::vector<std::string> status_lines(const ProjectReport& project, const StatusOptions& options,
                                      const Style& style) {
  const std::vector<const ServiceReport*> services = chosen(project, options.services);
  const Columns which = columns_wanted(services, options.latency, style);
  Table table{columns_of(which, style), {}, 2};
  for (const ServiceReport* service : services) {
    table.rows.push_back(row_of(project.name, *service, which, style));
  }
  if (!style.terminal()) return lay_out(table, style);

  link_names(table, services, style);
  std::vector<std::string> lines;
  add_headline(lines, project, style);
  add_notice(lines, project, style);
  if (!services.empty()) {
    lines.emplace_back();
    for (std::string& line : lay_out(table, style)) lines.push_back(std::move(line));
  }
  if (!options.next.empty()) {
    lines.emplace_back();
    for (const std::string& line :
         wrap(spelled(style, options.next), static_cast<std::size_t>(style.width))) {
      lines.push_back(painted(style, Paint::dim, line));
    }
  }
  return lines;
}

std::vector<std::string> overview_lines(const std::vector<ProjectReport>& projects,
                                        const Style& style) {
  if (!style.terminal()) return overview_for_pipe(projects, style);
  Table table{{{"", 0}, {"PROJECT", 0}, {"SERVICES", 0}, {"DIRECTORY", 1}}, {}, 2};
  for (const ProjectReport& project : projects) {
    Row row{{overview_symbol(project, style),
             {project.name, Paint::bold, {}},
             {project.summary, Paint::plain, {}},
             {or_nothing(directory_of(project.files)), Paint::dim, {}}}};
    table.rows.push_back(std::move(row));
    for (const ServiceReport& service : project.services) {
      if (service.tone != explain::Tone::bad) continue;
      Row detail;
      detail.note =
          fmt::format("{} {} {}", symbol(style, service.symbol), service.name, service.state_word);
      if (!service.reason.empty()) detail.note += ": " + service.reason;
      table.rows.push_back(std::move(detail));
    }
  }
  return lay_out(table, style);
}

}  // namespace dockhand::plugin::render
