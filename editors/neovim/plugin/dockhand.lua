if vim.g.loaded_dockhand then
  return
end
vim.g.loaded_dockhand = true

local dockhand = require('dockhand')
local group = vim.api.nvim_create_augroup('dockhand', {})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'Show the state of services at the ends of their lines',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'dockhand' and dockhand.options().inlay_hints then
      vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
    end
  end,
})

if vim.lsp.enable then
  vim.lsp.enable('dockhand')
  return
end

-- Neovim 0.10 has no vim.lsp.enable.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = dockhand.filetypes,
  desc = 'Start dockhand-lsp for Compose files',
  callback = function(event)
    local root = dockhand.root(event.buf)
    if root then
      vim.lsp.start({
        name = 'dockhand',
        cmd = dockhand.cmd(),
        root_dir = root,
        capabilities = dockhand.capabilities(),
        handlers = dockhand.handlers,
        settings = { dockhand = dockhand.options().settings },
      }, { bufnr = event.buf })
    end
  end,
})
