-- What the configuration for Neovim 0.11 (lsp/dockhand.lua) and the start by hand for 0.10
-- (plugin/dockhand.lua) share. Options are in vim.g.dockhand; see :help dockhand.
local M = {}

-- The options with their defaults.
function M.options()
  return vim.tbl_extend('keep', vim.g.dockhand or {}, {
    inlay_hints = true,
    settings = {},
  })
end

-- How the server is started: what the user says, else dockhand-lsp, else through docker.
function M.cmd()
  local given = M.options().cmd
  if given then
    return given
  end
  return vim.fn.executable('dockhand-lsp') == 1 and { 'dockhand-lsp' } or { 'docker', 'dockhand', 'lsp' }
end

-- The folder of a Compose file, or nil for every other buffer: the server is for no other file.
function M.root(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local base = vim.fs.basename(name)
  local is_compose = base:match('^compose.*%.ya?ml$') or base:match('^docker%-compose.*%.ya?ml$')
  if name == '' or vim.bo[buffer].buftype ~= '' or not is_compose then
    return nil
  end
  return vim.fs.dirname(name)
end

M.filetypes = { 'yaml', 'yaml.docker-compose' }

return M
