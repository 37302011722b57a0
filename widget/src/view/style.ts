/** The style of the panel, on the tokens of ../style.ts. Written tight, for every byte is sent. */

export const PANEL_STYLE = `
chatserver-panel{display:contents}
button:is(:disabled,[aria-disabled=true]){opacity:.5;cursor:default}
b,h2,h3,.main{font-weight:600}
time,b{font-variant-numeric:tabular-nums}
dialog{inset-block:auto calc(88px + env(safe-area-inset-bottom));width:380px;height:640px;max-height:calc(100dvh - 108px);flex-direction:column;border:1px solid var(--line);border-radius:16px;overflow:clip;background:var(--bg);color:var(--ink);animation:in .16s ease-out}
dialog[open],.body{display:flex}
dialog:focus{outline:0}
dialog::backdrop{background:none}
@keyframes in{from{opacity:0;translate:0 8px}}
header,.row,.top,.check{display:flex;align-items:center;gap:8px}
header{padding:8px 8px 8px 16px;border-bottom:1px solid var(--line)}
.who{flex:1;min-width:0}
.who *{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
h2{font-size:16px;line-height:1.2}
header p,.card p,.typing,.meta,small,.line,.ticket p,dt,.count,.quiet,.icon,.mark,.hint,.lead+p~p{color:var(--dim)}
header p,.bar,.hint,.card p,.typing,.ticket p,.field>:first-child{font-size:13px}
.face{flex:none;width:40px;height:40px;border-radius:20px;font-weight:600}
.icon,.send{flex:none;width:44px}
.quiet,.other,.main,.news{padding:0 16px;font-weight:500}
header .quiet{padding:0 8px}
.icon:hover,.quiet:hover,.past button:hover{background:var(--soft)}
.bar,.card{padding:12px 16px;border-bottom:1px solid var(--line);background:var(--soft)}
.body{flex:1;min-height:0;flex-direction:column;position:relative}
.scroll{position:relative;flex:1;overflow:auto;overscroll-behavior:contain;padding:16px}
.wait i{display:block;height:44px;margin-bottom:12px;border-radius:10px;background:var(--soft);opacity:0;animation:in 0s .3s reverse forwards}
.lead+p{font-weight:500}
.lead{font-size:20px;line-height:1.2;margin-bottom:8px}
.field,.check{display:flex;margin-top:12px}
.field{flex-direction:column;gap:4px}
input,select,textarea{min-height:44px;padding:10px 12px;border:1px solid var(--edge);border-radius:10px;background:var(--bg);resize:none}
.check{min-height:44px;gap:12px}
.check input{width:20px;min-height:20px;flex:none;accent-color:var(--a)}
[aria-invalid=true]{border-color:var(--bad)}
.hint{display:block;margin-top:4px}
:has([aria-invalid=true])+.hint,[role=alert],.bad{color:var(--bad)!important}
form .main,form .quiet,.foot>button{width:100%}
form .main{margin-top:16px}
.past{margin-top:24px;border-top:1px solid var(--line);padding-top:16px}
.past button{display:block;width:100%;text-align:start;padding:8px 12px;margin-inline:-12px}
small{display:block}
small,.line,.meta,.count{font-size:12px}
.card .main,.card .other{margin:8px 8px 0 0}
.other{border:1px solid var(--edge)}
.log{display:flex;flex-direction:column;gap:4px;min-height:100%;justify-content:flex-end}
.line{text-align:center;padding:4px 16px}
.msg{max-width:85%;align-self:flex-start}
.own{align-self:flex-end;display:grid;grid-template-columns:auto auto;align-items:end}
.meta{grid-column:1/3;margin:8px 4px 2px}
.own .meta{text-align:end}
.text{width:fit-content;padding:8px 12px;border-radius:16px;border-end-start-radius:6px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.own .text{border-radius:16px;border-end-end-radius:6px;grid-column:2}
.mark{grid-area:2/1;padding:4px}
div:not(:has(.meta))>.mark{grid-row:1}
.mark svg{width:14px;height:14px}
.ticket{border:1px solid var(--line);border-radius:10px;margin:8px 0;overflow:hidden}
.top{padding:4px 4px 4px 16px;background:var(--soft)}
.top b{font-size:16px;flex:1}
dl{padding:12px 16px 8px}
dl div{display:flex;justify-content:space-between;gap:16px;padding-bottom:4px}
dd{text-align:end}
dt{white-space:nowrap}
.ticket p{padding:0 16px 12px}
.typing{padding:0 16px 8px}
.news{position:sticky;bottom:0;display:block;margin:auto;background:var(--ink);color:var(--bg);border-radius:22px}
.foot{border-top:1px solid var(--line);padding:8px 8px calc(8px + env(safe-area-inset-bottom))}
.foot>p{padding:0 8px 8px}
.row{align-items:flex-end}
.row textarea{flex:1;min-width:0;max-height:132px}
.count{padding:4px 12px 0}
@media (max-width:480px){
dialog{inset:0!important;width:100%;max-width:none;height:var(--height,100dvh);max-height:none;border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left)}
input,select,textarea{font-size:16px}}
@media (prefers-reduced-motion:reduce){dialog{animation:none}}
`;
